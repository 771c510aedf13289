"""The exceptions that users see."""


class EdgetextError(Exception):
    """One clear sentence that names the file, line or field and the mend."""


class StoppedError(EdgetextError):
    """Ctrl-C stopped what went on, which is no fault; the sentence says how to go on."""
