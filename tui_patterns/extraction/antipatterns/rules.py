"""What each anti-pattern does to a reader or a program, and what to do instead.

``RULES`` leads from ruff's codes to our labels; ``ADVICE`` has the words for
each label. Where size and shape are measured here, ruff is not asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui_patterns.models import Severity


@dataclass(frozen=True, slots=True)
class Advice:
    """One label: how bad it is, why it hurts, and one sentence on what to do instead."""

    severity: Severity
    message: str
    instead: str


RULES: dict[str, str] = {
    "A001": "shadow_builtin",
    "A002": "shadow_builtin",
    "ASYNC110": "sleep_loop_async",
    "ASYNC210": "blocking_call_in_async",
    "ASYNC212": "blocking_call_in_async",
    "ASYNC220": "blocking_call_in_async",
    "ASYNC221": "blocking_call_in_async",
    "ASYNC222": "blocking_call_in_async",
    "ASYNC230": "blocking_call_in_async",
    "ASYNC250": "blocking_call_in_async",
    "ASYNC251": "sleep_in_async",
    "B003": "environ_assignment",
    "B006": "mutable_default_arg",
    "B007": "unused_loop_variable",
    "B010": "setattr_constant",
    "B012": "return_in_finally",
    "B014": "bad_except_order",
    "B019": "cached_method_leak",
    "B023": "late_binding_closure",
    "B024": "abstract_without_abstractmethod",
    "B025": "bad_except_order",
    "B026": "star_args_after_keyword",
    "B027": "empty_abstract_method",
    "B039": "mutable_default_arg",
    "B904": "raise_without_from",
    "B909": "mutating_loop_iterable",
    "BLE001": "broad_except",
    "E711": "compare_none",
    "E712": "compare_true",
    "E721": "type_comparison",
    "E722": "bare_except",
    "E731": "lambda_assignment",
    "F403": "wildcard_import",
    "F707": "bad_except_order",
    "PLE0101": "return_in_init",
    "PLE4703": "mutating_loop_iterable",
    "PLR0904": "god_class",
    "PLR0911": "too_many_returns",
    "PLR0912": "too_many_branches",
    "PLR0914": "too_many_locals",
    "PLW0603": "global_state",
    "RET502": "inconsistent_return_type",
    "RET503": "inconsistent_return_type",
    "RUF008": "mutable_default_arg",
    "RUF009": "function_call_in_default",
    "S102": "exec_use",
    "S105": "hardcoded_password",
    "S106": "hardcoded_password",
    "S107": "hardcoded_password",
    "S110": "except_pass",
    "S112": "except_continue",
    "S307": "eval_use",
    "S608": "sql_string_formatting",
    "SIM107": "return_in_finally",
    "SIM115": "unclosed_resource",
    "T201": "print_debugging",
    "T203": "print_debugging",
    "TRY002": "broad_raise",
}

ADVICE: dict[str, Advice] = {
    "abstract_without_abstractmethod": Advice(
        "info",
        "The class says it is abstract, but nothing in it is, so it can be instantiated.",
        "Mark what subclasses must provide with @abstractmethod, or drop ABC.",
    ),
    "bad_except_order": Advice(
        "error",
        "A handler can never run: an earlier one already catches its exception, or names it twice.",
        "List the particular exceptions first, each once, and the general one last.",
    ),
    "bad_self_cls": Advice(
        "warning",
        "The first parameter is not called self or cls as its kind of method expects; readers are misled.",
        "Name it self in methods and cls in class methods, or make it a @staticmethod.",
    ),
    "bare_except": Advice(
        "error",
        "A bare except also catches KeyboardInterrupt and SystemExit, so the program cannot be stopped.",
        "Catch the exceptions that you expect by name; at most Exception at the outermost level.",
    ),
    "blocking_call_in_async": Advice(
        "error",
        "A blocking call in an async function stops every other task of the loop meanwhile.",
        "Await an async library, or move the call into asyncio.to_thread.",
    ),
    "broad_except": Advice(
        "warning",
        "Catching everything hides bugs together with the fault that was expected.",
        "Catch the exceptions this code can really handle, and let the others rise.",
    ),
    "broad_raise": Advice(
        "warning",
        "Callers can only catch this by catching everything.",
        "Raise an exception class of your own, or the built-in one that fits.",
    ),
    "cached_method_leak": Advice(
        "warning",
        "A cache on a method keeps self as its key, so instances are never freed.",
        "Use functools.cached_property, or cache a module function of the values that matter.",
    ),
    "compare_none": Advice(
        "warning",
        "== asks the object's own __eq__, which may say anything about None.",
        "Compare with is None or is not None.",
    ),
    "compare_true": Advice(
        "info",
        "Comparing with True or False says no more than the value itself, and fails for other true values.",
        "Write if value or if not value; use is True only where the type matters.",
    ),
    "deep_nesting": Advice(
        "warning",
        "Every level is one more condition that a reader must keep in mind.",
        "Return early, and move inner blocks into functions with a name.",
    ),
    "empty_abstract_method": Advice(
        "info",
        "An empty method of an abstract class does nothing, silently, where a subclass forgets it.",
        "Mark it @abstractmethod, or say in a docstring that it is an optional hook.",
    ),
    "environ_assignment": Advice(
        "error",
        "Assigning to os.environ does not change the environment that child processes get.",
        "Change it in place with os.environ.clear() and .update(), or pass env= to the child.",
    ),
    "duplicated_code": Advice(
        "warning",
        "A fault that is mended in one copy stays in the other.",
        "Keep one of them, where both can import it.",
    ),
    "eval_use": Advice(
        "error",
        "eval runs whatever the text says, with all the rights of this program.",
        "Parse data with ast.literal_eval or json, and look behaviour up in a dict.",
    ),
    "except_continue": Advice(
        "warning",
        "A failed turn of the loop leaves no trace, so missing data look like no data.",
        "Log the exception with its item, and catch only what is expected.",
    ),
    "except_pass": Advice(
        "warning",
        "The error disappears without a trace, and what follows works on wrong assumptions.",
        "Handle or log it; where ignoring is right, contextlib.suppress with the one exception says so.",
    ),
    "exec_use": Advice(
        "error",
        "exec runs whatever the text says, with all the rights of this program.",
        "Call functions found in a dict or by importlib, so that only known code can run.",
    ),
    "function_call_in_default": Advice(
        "warning",
        "The call runs once, when the function is defined, and every call of it shares the result.",
        "Default to None and make the value inside, or use a module constant if sharing is meant.",
    ),
    "global_state": Advice(
        "warning",
        "A function that rebinds a global makes every caller depend on who ran before.",
        "Pass the value in and return the new one, or keep it in an object that owns it.",
    ),
    "god_class": Advice(
        "warning",
        "A class with so many public methods has several jobs, and every change touches it.",
        "Split it by job into classes that it holds and delegates to.",
    ),
    "hardcoded_password": Advice(
        "error",
        "A secret in the source is in every copy and in the history for ever.",
        "Read it from the environment or a secret store, and change the one that leaked.",
    ),
    "high_complexity": Advice(
        "warning",
        "So many paths cannot all be tested or kept in mind.",
        "Give the branches' work functions of their own, or replace chains of conditions by a table.",
    ),
    "inconsistent_return_type": Advice(
        "info",
        "Some paths return a value and others None or another type, so every caller must ask which it got.",
        "Return one type on every path, or raise where there is no answer.",
    ),
    "lambda_assignment": Advice(
        "info",
        "A lambda with a name shows up as <lambda> in tracebacks and takes no docstring.",
        "Write it as a def.",
    ),
    "late_binding_closure": Advice(
        "error",
        "The inner function reads the loop variable when it is called, so all of them see the last value.",
        "Bind it as a default (item=item), or make the function in a factory called with it.",
    ),
    "long_method": Advice(
        "warning",
        "A function that does not fit on a screen does more than one thing.",
        "Cut it at its paragraphs: each becomes a function named for what it does.",
    ),
    "missing_super_init": Advice(
        "warning",
        "What the base class sets up is missing, so its methods fail later and elsewhere.",
        "Call super().__init__(...) first.",
    ),
    "mutable_default_arg": Advice(
        "error",
        "The default is made once and shared, so what one call adds the next one finds.",
        "Default to None and make a new one inside; in a dataclass, field(default_factory=...).",
    ),
    "mutating_loop_iterable": Advice(
        "error",
        "Changing a collection while looping over it skips items or raises.",
        "Loop over a copy (list(items)), or build a new collection.",
    ),
    "print_debugging": Advice(
        "info",
        "print goes to stdout, cannot be switched off and mixes with real output.",
        "Use logging, or take it out if it was for debugging; a command line may print.",
    ),
    "raise_without_from": Advice(
        "warning",
        "Without from, the traceback reads as if handling the first error had failed.",
        "Write raise New(...) from error, or from None to leave the cause out on purpose.",
    ),
    "return_in_finally": Advice(
        "error",
        "Leaving a finally block swallows the exception, or replaces the value being returned.",
        "Only clean up in finally, and return after it.",
    ),
    "return_in_init": Advice(
        "error",
        "__init__ must return None: any other value raises TypeError.",
        "Store it on self, or offer a classmethod that builds and returns.",
    ),
    "setattr_constant": Advice(
        "info",
        "setattr with a constant name hides an ordinary assignment from readers and tools.",
        "Assign the attribute directly.",
    ),
    "shadow_builtin": Advice(
        "warning",
        "The name hides a built-in for the rest of the scope, and fails where that is then needed.",
        "Choose a more particular name, or add an underscore.",
    ),
    "sleep_in_async": Advice(
        "error",
        "time.sleep in an async function stops the whole event loop.",
        "await asyncio.sleep(...).",
    ),
    "sleep_loop_async": Advice(
        "warning",
        "Polling in a sleep loop reacts late and wakes for nothing.",
        "Await an asyncio.Event, a Condition or a queue that the other side sets.",
    ),
    "sql_string_formatting": Advice(
        "error",
        "Values formatted into SQL can become commands: an injection.",
        "Pass them as parameters of execute; take table names from a fixed set.",
    ),
    "star_args_after_keyword": Advice(
        "warning",
        "Unpacked positional arguments after a keyword still come first, and may collide with it.",
        "Put *args before the keyword arguments.",
    ),
    "string_concat_in_loop": Advice(
        "info",
        "Each + copies the whole text again, so the time grows with the square of its length.",
        "Collect the parts in a list and join them once, or write to io.StringIO.",
    ),
    "too_many_args": Advice(
        "warning",
        "Callers cannot remember the order of so many parameters.",
        "Group those that belong together in a dataclass, or make the rest keyword-only.",
    ),
    "too_many_branches": Advice(
        "warning",
        "So many branches are rarely all tested.",
        "Replace them by a table, by polymorphism, or by functions for each case.",
    ),
    "too_many_locals": Advice(
        "info",
        "So many variables at once are the state of several functions.",
        "Split it where a group of variables is used together.",
    ),
    "too_many_returns": Advice(
        "info",
        "With so many ways out, it is hard to say what the function gives.",
        "Put checks first as early returns, and the choice itself into a table or a helper.",
    ),
    "type_comparison": Advice(
        "warning",
        "Comparing types refuses subclasses.",
        "Use isinstance; where the exact type matters, say so in a comment.",
    ),
    "unclosed_resource": Advice(
        "warning",
        "An exception before close leaves the file open.",
        "Open it in a with statement.",
    ),
    "unused_loop_variable": Advice(
        "info",
        "The loop variable is never read, so the reader looks for a use that is not there.",
        "Name it _ or with a leading underscore, or loop over what is needed.",
    ),
    "wildcard_import": Advice(
        "warning",
        "Nobody can tell where a name comes from, and a new name there may hide one here.",
        "Import the names that are used.",
    ),
}
