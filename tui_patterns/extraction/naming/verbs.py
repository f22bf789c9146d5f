"""What identifiers do, as nouns: ``render`` is Rendering, ``calculate`` is Calculation."""

from __future__ import annotations

from functools import lru_cache

from tui_patterns.extraction.naming.lexicon import wordset

# Where the gerund is not what one says.
_NOUNS = {
    "abort": "abort", "accept": "acceptance", "access": "access", "acquire": "acquisition",
    "activate": "activation", "add": "addition", "admit": "admission", "aggregate": "aggregation",
    "align": "alignment", "allocate": "allocation", "analyse": "analysis", "analyze": "analysis",
    "annotate": "annotation", "apply": "application", "approve": "approval",
    "approximate": "approximation", "assign": "assignment", "associate": "association",
    "authenticate": "authentication", "authorize": "authorization", "calculate": "calculation",
    "calibrate": "calibration", "cancel": "cancellation", "check": "check", "choose": "choice",
    "classify": "classification", "clean": "cleanup", "cleanup": "cleanup", "collapse": "collapse",
    "collect": "collection", "combine": "combination", "commit": "commit", "compare": "comparison",
    "compile": "compilation", "complete": "completion", "compose": "composition",
    "compress": "compression", "compute": "computation", "concatenate": "concatenation",
    "configure": "configuration", "confirm": "confirmation", "connect": "connection",
    "construct": "construction", "consume": "consumption", "convert": "conversion", "coerce": "coercion",
    "copy": "copy", "correct": "correction", "count": "count", "create": "creation",
    "deactivate": "deactivation", "decide": "decision", "decompress": "decompression",
    "declare": "declaration", "decorate": "decoration", "deduplicate": "deduplication",
    "define": "definition", "delegate": "delegation", "delete": "deletion", "deliver": "delivery",
    "demangle": "demangling", "deploy": "deployment", "deprecate": "deprecation", "derive": "derivation",
    "describe": "description", "deserialize": "deserialization", "destroy": "destruction",
    "detect": "detection", "determine": "determination", "diff": "diff", "disable": "disabling",
    "discover": "discovery", "dismiss": "dismissal", "display": "display", "distribute": "distribution",
    "divide": "division", "download": "download", "duplicate": "duplication", "eliminate": "elimination",
    "enforce": "enforcement", "evict": "eviction", "expire": "expiration",
    "emit": "emission", "enumerate": "enumeration", "escape": "escaping", "estimate": "estimation",
    "evaluate": "evaluation", "exclude": "exclusion", "execute": "execution", "expand": "expansion",
    "explain": "explanation", "export": "export", "extend": "extension", "extract": "extraction",
    "fail": "failure", "finalize": "finalization", "find": "search", "fix": "fix",
    "generate": "generation", "get": "lookup", "guess": "guess", "identify": "identification",
    "ignore": "ignoring", "implement": "implementation", "import": "import", "infer": "inference",
    "inherit": "inheritance", "initialize": "initialization", "inject": "injection",
    "insert": "insertion", "inspect": "inspection", "install": "installation",
    "instantiate": "instantiation", "instrument": "instrumentation", "integrate": "integration",
    "interpolate": "interpolation", "interpret": "interpretation", "invalidate": "invalidation",
    "invert": "inversion", "invoke": "invocation", "isolate": "isolation", "iterate": "iteration",
    "justify": "justification", "launch": "launch", "list": "listing", "lookup": "lookup",
    "make": "creation", "manage": "management", "manipulate": "manipulation", "maximize": "maximization",
    "measure": "measurement", "migrate": "migration", "minimize": "minimization",
    "modify": "modification", "multiply": "multiplication", "mutate": "mutation",
    "negotiate": "negotiation", "nominate": "nomination", "normalise": "normalisation",
    "normalize": "normalization", "notify": "notification", "obtain": "lookup", "observe": "observation",
    "open": "opening", "optimize": "optimization", "organize": "organization", "paginate": "pagination",
    "parameterize": "parameterization", "partition": "partition", "perform": "execution",
    "permute": "permutation", "persist": "persistence", "populate": "population",
    "predict": "prediction", "prepare": "preparation", "preserve": "preservation",
    "process": "processing", "produce": "production", "project": "projection", "prompt": "prompt",
    "propagate": "propagation", "protect": "protection", "provide": "provision",
    "publish": "publication", "put": "storage", "quantize": "quantization", "reacquire": "reacquisition",
    "react": "reaction", "receive": "reception", "recognize": "recognition",
    "recommend": "recommendation", "reconcile": "reconciliation", "reconnect": "reconnection",
    "reconstruct": "reconstruction", "recover": "recovery", "redirect": "redirect",
    "reduce": "reduction", "refine": "refinement", "refresh": "refresh", "register": "registration",
    "reject": "rejection", "release": "release", "reload": "reload", "remove": "removal",
    "rename": "renaming", "replace": "replacement", "replay": "replay", "replicate": "replication",
    "report": "report", "represent": "representation", "reset": "reset", "resolve": "resolution",
    "restart": "restart", "restrict": "restriction", "restore": "restoration", "retrieve": "retrieval",
    "return": "return", "reuse": "reuse", "reverse": "reversal", "review": "review",
    "rollback": "rollback", "rotate": "rotation", "search": "search", "select": "selection",
    "send": "sending", "separate": "separation", "serialise": "serialisation",
    "serialize": "serialization", "settle": "settlement", "setup": "setup", "show": "display",
    "shut": "shutdown", "shutdown": "shutdown", "simplify": "simplification", "simulate": "simulation",
    "specify": "specification", "start": "start", "stop": "stop", "store": "storage",
    "submit": "submission", "subscribe": "subscription", "substitute": "substitution",
    "subtract": "subtraction", "summarize": "summary", "teardown": "teardown", "suppress": "suppression",
    "suspend": "suspension", "synchronize": "synchronization", "terminate": "termination",
    "tokenize": "tokenization", "toggle": "toggle", "transfer": "transfer",
    "transform": "transformation", "translate": "translation", "transpose": "transposition",
    "transmit": "transmission", "traverse": "traversal", "try": "attempt", "truncate": "truncation",
    "undo": "undo", "unify": "unification", "uninstall": "removal", "unregister": "removal",
    "unsubscribe": "unsubscription", "update": "update", "upgrade": "upgrade", "upload": "upload",
    "use": "use", "validate": "validation", "verify": "verification", "vectorize": "vectorization",
    "visit": "visit", "visualize": "visualization", "walk": "walk", "withdraw": "withdrawal",
    "yield": "iteration",
}  # fmt: skip

# Their gerund is what one says.
_REGULAR = wordset("""
    adapt adjust advance append archive arrange ask assemble assert attach attend await bail balance
    begin bind block bootstrap borrow bounce branch break broadcast browse build bump bundle call capture
    cast catch chain change chop chunk clamp clear click clip clone close coalesce collate compact
    confine convolve copy crawl crop cut cycle darken deal debug decode decrease decrypt delay demote
    deny dequeue detach disconnect dispatch drain draw drop dump echo edit embed enable encode encrypt
    end enqueue ensure enter escape exit feed fetch fill filter fire fit flatten flip flush fold follow
    forget fork format forward freeze fuse gather group grow guard halt handle hash hide highlight hold
    hydrate include increase increment indent index intercept intersect invite join jump keep kill label
    learn lend lighten link lint listen load lock log loop lower map mark mask match merge mix mock
    monitor mount move name negate obey offload open order overwrite pack pad paint parse paste patch
    pause pay peek perturb pick pickle pin ping plan play plot poll pop post postprocess prefetch prepend
    preprocess press pretty print probe promote prune pull purge push query queue quit quote raise read
    rearm rearrange rebuild recompute record recv redact redraw reindex relay remember render reopen
    reorder repair repeat reply request require rescale resend reshape resize respawn respond resubmit
    resume retry revert revive revoke rewind rewrite roll round route run sample sanitize save scale scan
    schedule score scrape scroll scrub seal seed seek seize sell serve set shift shorten shrink shuffle
    sign silence skim skip slice slugify smooth snap sort spawn split squash squeeze stack stage steal
    step stream strengthen strip style subscribe swap sweep switch tag tail take tear tell test throttle
    throw tick tighten time touch trace track train trap trigger trim tune turn type unescape unfold
    unfreeze unlink unlock unmount unpack unpickle unquote unroll unset untag unwind unwrap unzip upsert
    verify vote wait wake warm warn watch weigh widen wipe wrap write zip zoom
""")

# Also things: verbs only at the head of an identifier that goes on.
_THINGS = wordset("""
    abort access block branch break bundle call chain change chunk click clip commit copy count cycle
    delay display diff draw echo end escape exit export filter fit fix fold format group guard hash hold
    import index join label launch link list load lock log loop map mark mask match measure mix mock
    mount name open order pad partition paste patch pause pickle ping plan plot poll post press print
    process project prompt query queue quote raise record redirect release reload replay reply report
    request reset restart return reuse review roll rollback round route run sample save scale schedule
    score scroll search seed set setup shift sign silence slice sort split stack stage start step stop
    store stream strip style switch tag tail test tick time touch trace track transfer transform trap
    trigger turn type update upgrade upload use visit wake walk watch wrap yield zip zoom download undo
    toggle cleanup shutdown lookup clone summary refresh spawn pop push pull read write subset duplicate
    aggregate estimate associate delegate
""")

# At the head they are rather things: ``request_context``, ``name_of``.
_RATHER_THINGS = wordset("""
    access block branch bundle chain chunk clip commit count cycle delay diff end guard hash hold index
    label link lock loop mask mock name order pad partition pause plan project query queue quote record
    release replay request return review round route sample scale schedule score seed shift slice stack
    stage step stop store stream style tag tail test tick time trace track transfer type use
""")

_PARTED = {
    "shutdown": "shutting down", "setup": "setting up", "teardown": "tearing down",
    "cleanup": "cleaning up", "lookup": "looking up",
}  # fmt: skip
_DOUBLED = wordset(
    "begin commit debug emit embed format permit quit refer reset resubmit submit unpin unset unwrap unzip"
)

VERBS = frozenset(_NOUNS) | _REGULAR

# Endings that make a verb of anything, and what doing it is called.
_ENDINGS = (("ify", "ification"), ("ize", "ization"), ("ise", "isation"), ("ate", "ation"))
_NOT_DONE = wordset("""
    accurate adequate aggregate alternate appropriate approximate associate candidate certificate
    climate coordinate corporate dataframe delegate duplicate estimate exercise expertise franchise
    immediate intermediate intimate otherwise precise predicate premise private promise separate
    surrogate template ultimate undefinite
""")


@lru_cache(maxsize=2048)
def _made(word: str) -> str:
    """The noun of a verb that its ending gives away: ``obfuscate``, ``linkify``; else nothing."""
    if len(word) < 7 or word in _NOT_DONE or not word.isalpha():
        return ""
    return next((f"{word.removesuffix(end)}{noun}" for end, noun in _ENDINGS if word.endswith(end)), "")


def starts(word: str, goes_on: bool) -> bool:
    """Whether *word* at the head of an identifier is what is done; *goes_on*: other words follow."""
    return bool(_made(word)) if word not in VERBS else not (goes_on and word in _RATHER_THINGS)


def ends(word: str) -> bool:
    """Whether *word* at the end of an identifier is what is done: ``ratio_resolve``."""
    return word in VERBS and word not in _THINGS


def noun(verb: str) -> str:
    """What doing *verb* is called."""
    return _NOUNS.get(verb) or (verb not in _REGULAR and _made(verb)) or gerund(verb)


def gerund(verb: str) -> str:
    """The English present participle of a regular verb: running, making, copying."""
    if verb in _PARTED:
        return _PARTED[verb]
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")):
        return f"{verb[:-1]}ing"
    return f"{verb}{verb[-1]}ing" if _doubles(verb) else f"{verb}ing"


def _doubles(verb: str) -> bool:
    """One vowel between consonants, in a word of one syllable: run, split, wrap."""
    if verb in _DOUBLED or (verb.startswith("un") and len(verb) > 4 and _doubles(verb[2:])):
        return True
    vowels = [at for at, letter in enumerate(verb) if letter in "aeiou"]
    return vowels == [len(verb) - 2] and verb[-1] not in "wxy"
