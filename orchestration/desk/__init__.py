"""The evaluator's desk: what people do with a published release once they have it.

What belongs here: taking tables out in other formats, worked questions, walking a number back.
What does not: making a number (marts do), loading (``landing``), or running anything (``running``).
A release is read as it was published; nothing here opens the warehouse or looks into landing.
"""
