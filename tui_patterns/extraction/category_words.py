"""Which words, labels and parts of a framework speak for which category: ``key: "category/subcategory"``."""

from __future__ import annotations


def table(text: str) -> dict[str, str]:
    """One place a line, then the keys that speak for it."""
    rows = (line.split() for line in text.strip().splitlines())
    return {key: place for place, *keys in rows for key in keys}


COMPONENTS = table("""
api/routing route
api/views view
api/middleware middleware
api/serialization serializer
api/request_handling dependency form
cli/commands command
database_operations/models model
database_operations/migrations migration
testing/fixtures fixture
testing/test_cases test
workflow/tasks task job
workflow/operators operator effect compute
workflow/sensors sensor
workflow/orchestration orchestrator dag reducer
configuration/plugins hook
validation/schema validator
ui/widgets widget screen page
ui/events event_handler signal
networking/remote_services spider
machine_learning/models neural_network
""")

FUNCTION_LABELS = table("""
error_handling/retry retry backoff
error_handling/exceptions exception_translation
error_handling/timeouts timeout
error_handling/circuit_breaking circuit_breaker
error_handling/fallback import_fallback dual_import
caching/memoization caching caching_decorator memoize memoized_function
caching/cache_storage cache cache_aside
validation/input validation validation_decorator
networking/rate_limiting rate_limiter
concurrency/queues producer_consumer
concurrency/scheduling graceful_shutdown
logging/log_output logging_wrapper
data_processing/iteration chunk_iterator batch_chunk pagination pagination_iterator
database_operations/transactions unit_of_work transaction_manager
database_operations/repositories repository crud
database_operations/connections connection_pool
""")

DESIGN_LABELS = table("""
design/creational singleton borg singleton_per_thread singleton_per_loop factory factory_method
design/creational factory_function factory_classmethod class_factory abstract_factory builder
design/creational fluent_interface prototype object_pool lazy_property lazy_init lazy_evaluation
design/creational dependency_injection
design/structural adapter bridge composite decorator facade proxy flyweight mixin metaclass descriptor
design/structural registry plugin_registry delegation servant catalog function_decorator decorator_class
design/structural class_decorator
design/behavioural chain_of_responsibility middleware middleware_chain command command_message interpreter
design/behavioural iterator mediator memento visitor template_method null_object specification observer
design/behavioural event_emitter publish_subscribe message_bus strategy state state_machine blackboard
design/behavioural context_manager
data_processing/iteration generator
design/domain service_layer value_object aggregate domain_event event_sourcing identity_map mvc three_tier
design/domain front_controller
""")

WORDS = table("""
database_operations/queries query sql cursor select upsert
database_operations/transactions transaction commit rollback savepoint
database_operations/models orm
database_operations/connections database db
database_operations/repositories repository
database_operations/migrations migration migrate
api/routing route router endpoint url_rule
api/request_handling request response cookie header
api/middleware middleware asgi wsgi
networking/http_client http client proxy redirect transport
networking/sockets socket websocket connection
security/authentication auth login authenticate credential jwt oauth
security/authorization permission authorize acl
security/cryptography encrypt decrypt cipher certificate ssl tls
security/hashing hash digest
security/secrets password secret
concurrency/async awaitable coroutine
concurrency/threading thread
concurrency/locking lock semaphore mutex
concurrency/queues queue worker
concurrency/scheduling schedule scheduler
caching/cache_storage cache cached memoize
error_handling/exceptions exception error
error_handling/retry retry backoff
error_handling/fallback fallback
error_handling/timeouts timeout
validation/input validate validator check verify
validation/schema schema
parsing/text parse parser tokenize lexer token split
parsing/markup markup markdown html xml
parsing/json json
parsing/csv csv
parsing/url url uri
parsing/source_code ast syntax
parsing/binary decode decoder encode encoder
parsing/dates date
io/files file
io/streams stream buffer reader writer
io/paths path directory folder
io/serialization serialize deserialize pickle dump
io/compression compress decompress gzip zip
io/processes subprocess
cli/commands command cli
cli/options option argument
cli/terminal_output terminal console ansi
cli/prompts prompt confirm
ui/widgets widget button
ui/rendering render draw paint
ui/layout layout align padding margin column row table panel
ui/styling style color theme css
ui/events event click mouse
configuration/settings config setting configure
configuration/environment environment
configuration/plugins plugin extension
logging/log_output log logger logging
logging/metrics metric
logging/tracing trace traceback
testing/fixtures fixture
testing/mocking mock fake stub
testing/test_cases test
workflow/tasks task job
workflow/orchestration pipeline workflow
machine_learning/training train fit epoch
machine_learning/models model predict classifier
machine_learning/features feature
machine_learning/evaluation score metric accuracy
data_processing/transformation transform convert normalize merge
data_processing/aggregation aggregate group sum average reduce
data_processing/iteration iterate chunk batch
data_processing/graphs graph node edge
data_processing/numerics matrix vector
data_processing/text text string word
data_processing/collections list dictionary
""")

TAGS = table("""
error_handling/exceptions error-handling raises exception
concurrency/async async
data_processing/iteration generator async-generator
data_processing/transformation comprehension
caching/memoization cached
validation/schema model
io/streams resource-handling
""")
