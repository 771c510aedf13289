"""The one exception that users see."""


class EdgetextError(Exception):
    """One clear sentence that names the file, line or field and the mend."""
