"""Errors with a code: callers branch on the code, people read the sentence."""


class NewsroomError(Exception):
    """A refusal that says what is wrong and what to do.

    ``code`` is stable and machine-readable; ``message`` is one or two sentences for people.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class WorkflowError(NewsroomError):
    """An editorial action that may not happen now; ``problems`` are the gates' findings, if any."""

    def __init__(self, code: str, message: str, problems: tuple = ()) -> None:
        super().__init__(code, message)
        self.problems = problems


class ImportProblem(NewsroomError):  # noqa: N818 - the desk says problem
    """A document that can't be stored; the run goes on with the next."""


class DocumentError(NewsroomError):
    """A document that doesn't have the shape its schema promises."""


class AppendOnlyError(NewsroomError):
    """An attempt to change or delete what is only ever added to."""

    def __init__(self, what: str) -> None:
        super().__init__(
            "append_only", f"{what} is only added to: it can be neither changed nor deleted."
        )
