"""The words that exports use around questionnaires, clients and time, in several languages.

What belongs here: lists of words, lower case, as ``plain_name`` leaves them.
What does not: what is done when one is met.
"""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Beside an instrument's name they say nothing about which or when.
FILLER = frozenset(
    _words(
        "item items itm i q qu question questions nr no num n var v answer a response resp r "
        "frage score scores value raw"
    )
)
TOTAL = frozenset(
    _words("total tot sum sumscore totalscore summe gesamt ges ts mean scale overall full")
)
# In the order in which they are believed when a file has several.
CLIENT = _words(
    "clientid client pseudonym participantid participant subjectid subject patientid patient ppid "
    "pid personid respondentid caseid studyid recordid id code vpcode vp subj responseid"
)
DATE = frozenset(_words("date datum completed occurred visit assessed timestamp on"))
BIRTH = frozenset(_words("birth dob geburt born death"))
DAY = frozenset(_words("day days elapsed tag tage"))
OCCASION = frozenset(
    _words(
        "occasion timepoint timepoints visit wave session phase time event measurement assessment "
        "redcapeventname messzeitpunkt mzp zeitpunkt stage"
    )
)
EPISODE = frozenset(_words("episodeid episode admissionid admission referralid courseid"))
ATTRIBUTES = {
    "arm": _words("arm group treatment intervention condition allocation trialarm"),
    "gender": _words("gender sex geschlecht"),
    "age_band": _words("ageband agegroup agerange"),
    "ethnicity": _words("ethnicity ethnicgroup"),
}
# Labels of occasions that say which moment of care they are.
TIMEPOINTS = {
    "baseline": _words("pre baseline intake t0 before screening bl prae"),
    "mid": _words("mid middle midpoint"),
    "end": _words("post end discharge final after posttreatment"),
    "follow_up": _words("fu followup fu1 fu2 fu3 fu4 followup1 followup2 followup3 katamnese"),
}
QUALTRICS = frozenset(
    _words(
        "startdate enddate status ipaddress progress finished recordeddate responseid "
        "distributionchannel userlanguage externalreference"
    )
)
# What the columns of a tidy file are called elsewhere.
TIDY = {
    "client_id": _words("client clientid patient patientid subject id participant"),
    "instrument_id": _words("instrument questionnaire measure test code description"),
    "item": _words("item question itemnumber questionnumber"),
    "response": _words("response answer value score result"),
}
