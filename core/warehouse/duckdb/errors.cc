#include "core/warehouse/duckdb/errors.h"

#include <algorithm>
#include <array>
#include <string>

namespace revops::warehouse {
namespace {

struct Kind {
  std::string_view name;  ///< as messages begin with it
  std::string_view origin;
  ErrorCode code;
};

// The exception types of DuckDB 1.5 as its messages name them.
constexpr std::array kKinds = {
    Kind{"Out of Range Error", "duckdb:out_of_range", ErrorCode::kInvalidArgument},
    Kind{"Conversion Error", "duckdb:conversion", ErrorCode::kInvalidArgument},
    Kind{"Unknown Type Error", "duckdb:unknown_type", ErrorCode::kInvalidArgument},
    Kind{"Decimal Error", "duckdb:decimal", ErrorCode::kInvalidArgument},
    Kind{"Mismatch Type Error", "duckdb:mismatch_type", ErrorCode::kInvalidArgument},
    Kind{"Divide by Zero Error", "duckdb:divide_by_zero", ErrorCode::kInvalidArgument},
    Kind{"Object Size Error", "duckdb:object_size", ErrorCode::kInvalidArgument},
    Kind{"Invalid type Error", "duckdb:invalid_type", ErrorCode::kInvalidArgument},
    Kind{"Serialization Error", "duckdb:serialization", ErrorCode::kCorrupt},
    Kind{"TransactionContext Error", "duckdb:transaction", ErrorCode::kUnavailable},
    Kind{"Not implemented Error", "duckdb:not_implemented", ErrorCode::kUnsupported},
    Kind{"Expression Error", "duckdb:expression", ErrorCode::kInvalidArgument},
    Kind{"Catalog Error", "duckdb:catalog", ErrorCode::kInvalidArgument},
    Kind{"Parser Error", "duckdb:parser", ErrorCode::kInvalidArgument},
    Kind{"Planner Error", "duckdb:planner", ErrorCode::kInvalidArgument},
    Kind{"Scheduler Error", "duckdb:scheduler", ErrorCode::kInternal},
    Kind{"Executor Error", "duckdb:executor", ErrorCode::kInternal},
    Kind{"Constraint Error", "duckdb:constraint", ErrorCode::kInvalidArgument},
    Kind{"Index Error", "duckdb:index", ErrorCode::kInternal},
    Kind{"Stat Error", "duckdb:stat", ErrorCode::kInternal},
    Kind{"Connection Error", "duckdb:connection", ErrorCode::kUnavailable},
    Kind{"Syntax Error", "duckdb:syntax", ErrorCode::kInvalidArgument},
    Kind{"Settings Error", "duckdb:settings", ErrorCode::kInvalidArgument},
    Kind{"Binder Error", "duckdb:binder", ErrorCode::kInvalidArgument},
    Kind{"Network Error", "duckdb:network", ErrorCode::kUnsupported},
    Kind{"Optimizer Error", "duckdb:optimizer", ErrorCode::kInternal},
    Kind{"NullPointer Error", "duckdb:null_pointer", ErrorCode::kInternal},
    Kind{"IO Error", "duckdb:io", ErrorCode::kUnavailable},
    Kind{"INTERRUPT Error", "duckdb:interrupt", ErrorCode::kCancelled},
    Kind{"FATAL Error", "duckdb:fatal", ErrorCode::kUnavailable},
    Kind{"INTERNAL Error", "duckdb:internal", ErrorCode::kInternal},
    Kind{"Invalid Input Error", "duckdb:invalid_input", ErrorCode::kInvalidArgument},
    Kind{"Out of Memory Error", "duckdb:out_of_memory", ErrorCode::kResourceExhausted},
    Kind{"Permission Error", "duckdb:permission", ErrorCode::kPermissionDenied},
    Kind{"Parameter Not Resolved Error", "duckdb:parameter", ErrorCode::kInvalidArgument},
    Kind{"Parameter Not Allowed Error", "duckdb:parameter", ErrorCode::kInvalidArgument},
    Kind{"Dependency Error", "duckdb:dependency", ErrorCode::kInvalidArgument},
    Kind{"HTTP Error", "duckdb:http", ErrorCode::kUnsupported},
    Kind{"Missing Extension Error", "duckdb:missing_extension", ErrorCode::kUnsupported},
    Kind{"Extension Autoloading Error", "duckdb:autoload", ErrorCode::kUnsupported},
    Kind{"Sequence Error", "duckdb:sequence", ErrorCode::kInvalidArgument},
    Kind{"Invalid Configuration Error", "duckdb:configuration", ErrorCode::kInvalidArgument},
};

/// What the message of a failing disk or file tells beyond its kind.
struct Symptom {
  std::string_view text;
  ErrorCode code;
};

constexpr std::array kSymptoms = {
    Symptom{"No space left on device", ErrorCode::kResourceExhausted},
    Symptom{"Disk quota exceeded", ErrorCode::kResourceExhausted},
    Symptom{"File too large", ErrorCode::kResourceExhausted},
    Symptom{"max_temp_directory_size", ErrorCode::kResourceExhausted},
    Symptom{"Could not set lock on file", ErrorCode::kUnavailable},
    Symptom{"not a valid DuckDB database file", ErrorCode::kCorrupt},
    Symptom{"Corrupt database file", ErrorCode::kCorrupt},
    Symptom{"orrupt", ErrorCode::kCorrupt},
    Symptom{"checksum", ErrorCode::kCorrupt},
    Symptom{"Failed to deserialize", ErrorCode::kCorrupt},
};

/// Only for these kinds do the symptoms say more.
bool may_be_the_disk(std::string_view origin) {
  return origin == "duckdb:io" || origin == "duckdb:fatal" || origin == "duckdb:internal" ||
         origin == "duckdb:serialization" || origin == "duckdb:transaction" ||
         origin == "duckdb:out_of_memory";
}

/// The text before the empty line that precedes DuckDB's excerpt of the statement, as one line.
std::string OneLine(std::string_view message) {
  std::string line(message.substr(0, message.find("\n\n")));
  std::replace(line.begin(), line.end(), '\n', ' ');
  std::replace(line.begin(), line.end(), '\r', ' ');
  return line;
}

const Kind* FindKind(std::string_view message) {
  const auto found = std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& kind) {
    return message.starts_with(kind.name) && message.substr(kind.name.size()).starts_with(':');
  });
  return found == kKinds.end() ? nullptr : &*found;
}

}  // namespace

Error DuckDbError(std::string_view message) {
  Error error{ErrorCode::kInternal, OneLine(message), "duckdb:unknown", {}};
  if (const Kind* kind = FindKind(message)) {
    error.code = kind->code;
    error.origin = kind->origin;
  }
  if (!may_be_the_disk(error.origin)) return error;
  const auto symptom = std::find_if(kSymptoms.begin(), kSymptoms.end(), [&](const Symptom& known) {
    return message.find(known.text) != std::string_view::npos;
  });
  if (symptom != kSymptoms.end()) error.code = symptom->code;
  return error;
}

Error DuckDbOpenError(std::string_view message, std::string_view file) {
  Error error = DuckDbError(message);
  const std::string name(file);
  if (message.find("Could not set lock on file") != std::string_view::npos) {
    error.code = ErrorCode::kUnavailable;
    error.message = "The warehouse file " + name +
                    " is open in another process. Stop that process, or use its data folder.";
  } else if (error.code == ErrorCode::kCorrupt || error.code == ErrorCode::kInternal) {
    error.code = ErrorCode::kCorrupt;
    error.message = "The warehouse file " + name +
                    " is damaged or not a DuckDB database. Move it away and rebuild it with "
                    "`revops restore`, or copy a backup in its place.";
  }
  return error;
}

bool is_fatal(std::string_view message) {
  return message.starts_with("FATAL Error") ||
         message.find("database has been invalidated") != std::string_view::npos;
}

}  // namespace revops::warehouse
