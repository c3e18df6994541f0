"""The closed vocabulary of refusal: why a row or a whole file was not accepted.

What belongs here: the codes and the exception that carries one.
What does not: the checks that find the faults, nor any value of a cell.
"""

# Reasons for one row or one value. The order is the code number kept while a file is worked on,
# so new reasons are added at the end.
ROW_REASONS = (
    "missing_key",
    "missing_time",
    "unknown_instrument",
    "unknown_item",
    "unknown_scale",
    "response_not_a_number",
    "response_out_of_range",
    "score_not_a_number",
    "score_out_of_range",
    "unreadable_date",
    "unreadable_day",
    "ragged_row",
    "duplicate_key",
    "unknown_label",
    "ambiguous_code",
    "preview_record",
    "not_final",
    "unreadable_record",
    "empty_record",
)

# Reasons for a whole file.
FILE_REASONS = (
    "empty_file",
    "header_only",
    "wrong_encoding",
    "binary_content",
    "unreadable_file",
    "missing_column",
    "unmapped_column",
    "duplicate_header",
    "wrong_delimiter",
    "looks_identified",
    "unterminated_quote",
    "too_long_line",
    "file_changed",
    "not_a_regular_file",
    "unknown_format",
    "wrong_companion",
    "too_deep",
    "not_data",
    "wrong_mapping",
    "withdrawn_client",
)


class FileRefusalError(Exception):
    """A whole file cannot be accepted.

    Attributes:
        code: one of :data:`FILE_REASONS`.
        message: what is wrong, where, and how to mend it; never a cell value.
    """

    def __init__(self, code: str, message: str) -> None:
        """Remember the code and the message."""
        if code not in FILE_REASONS:
            unknown = f"{code} is not a declared reason for refusing a file."
            raise ValueError(unknown)
        super().__init__(message)
        self.code = code
        self.message = message
