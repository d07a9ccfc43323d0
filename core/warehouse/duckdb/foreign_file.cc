#include "core/warehouse/duckdb/foreign_file.h"

#include <utility>

#include <duckdb.h>

#include "core/base/check.h"
#include "core/warehouse/duckdb/dialect.h"
#include "core/warehouse/duckdb/errors.h"
#include "core/warehouse/duckdb/session.h"

namespace revops::warehouse {
namespace {

constexpr const char* kMemoryMax = "768MB";

/// The table function that reads the file, with everything as text.
std::string Source(const std::string& path, ForeignFormat format) {
  switch (format) {
    case ForeignFormat::kCsv:
      return "read_csv(" + Literal(path) +
             ", header=true, all_varchar=true, delim=',', quote='\"', escape='\"', "
             "allow_quoted_nulls=false, store_rejects=true, rejects_limit=0, parallel=false)";
    case ForeignFormat::kParquet:
      return "read_parquet(" + Literal(path) + ")";
    case ForeignFormat::kJsonLines:
      break;
  }
  return "read_json_objects(" + Literal(path) +
         ", format='newline_delimited', maximum_object_size=16777216)";
}

/// A value of a chunk of texts.
std::optional<std::string_view> TextAt(duckdb_vector vector, std::uint64_t* validity,
                                       std::size_t row) {
  if (validity != nullptr && !duckdb_validity_row_is_valid(validity, row)) return std::nullopt;
  auto* texts = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
  return std::string_view(duckdb_string_t_data(&texts[row]), duckdb_string_t_length(texts[row]));
}

Error AsFileError(Error error) {
  if (error.code == ErrorCode::kInternal || error.code == ErrorCode::kUnsupported ||
      error.code == ErrorCode::kNotFound || error.code == ErrorCode::kUnavailable) {
    error.code = ErrorCode::kInvalidArgument;
  }
  return error;
}

template <class T>
Result<T> FromFile(Result<T> result) {
  if (result) return result;
  return Fail(AsFileError(std::move(result).error()));
}

}  // namespace

struct ForeignFile::Impl {
  std::string path;
  ForeignFormat format = ForeignFormat::kCsv;
  std::vector<std::string> columns;
  std::shared_ptr<Instance> instance;
  std::optional<Watchdog> watchdog;
  std::unique_ptr<Session> session;

  Result<void> StartDatabase() {
    duckdb_config config = nullptr;
    REVOPS_CHECK(duckdb_create_config(&config) == DuckDBSuccess);
    duckdb_set_config(config, "threads", "1");
    duckdb_set_config(config, "memory_limit", kMemoryMax);
    duckdb_set_config(config, "autoinstall_known_extensions", "false");
    duckdb_set_config(config, "autoload_known_extensions", "false");
    duckdb_set_config(config, "temp_directory", "");
    char* message = nullptr;
    duckdb_database database = nullptr;
    const duckdb_state state = duckdb_open_ext(nullptr, &database, config, &message);
    duckdb_destroy_config(&config);
    if (state != DuckDBSuccess) {
      const std::string text = message == nullptr ? "" : message;
      duckdb_free(message);
      return Fail(DuckDbError(text));
    }
    instance = std::make_shared<Instance>(database);
    return {};
  }

  void Connect() {
    duckdb_connection connection = nullptr;
    REVOPS_CHECK(duckdb_connect(instance->database, &connection) == DuckDBSuccess);
    session = std::make_unique<Session>(instance, connection, watchdog.emplace(), SessionLimits{});
  }

  /// Every row of a query whose columns are texts.
  Result<void> ForEach(const std::string& sql, std::size_t column_count, const Receive& receive) {
    REVOPS_TRY_ASSIGN(Rows rows, session->Query(sql));
    std::vector<std::optional<std::string_view>> values(column_count);
    std::vector<std::uint64_t*> validities(column_count);
    for (;;) {
      REVOPS_TRY_ASSIGN(const auto chunk, rows.Fetch());
      if (!chunk) return {};
      for (std::size_t i = 0; i < column_count; ++i) {
        validities[i] = duckdb_vector_get_validity(chunk->column(i));
      }
      for (std::size_t row = 0; row < chunk->size(); ++row) {
        for (std::size_t i = 0; i < column_count; ++i) {
          values[i] = TextAt(chunk->column(i), validities[i], row);
        }
        REVOPS_TRY(receive(values));
      }
    }
  }

  Result<void> FindColumns() {
    const std::string sql =
        format == ForeignFormat::kJsonLines
            ? "SELECT key FROM (SELECT unnest(json_keys(json)) AS key, file_row FROM (SELECT json, "
              "row_number() OVER () AS file_row FROM " +
                  Source(path, format) + ")) GROUP BY key ORDER BY min(file_row), key"
            : "SELECT column_name FROM (DESCRIBE SELECT * FROM " + Source(path, format) + ")";
    return ForEach(sql, 1, [this](auto values) -> Result<void> {
      columns.emplace_back(values[0].value_or(""));
      return {};
    });
  }

  std::string Expression(std::size_t column) const {
    if (format == ForeignFormat::kJsonLines) return "json->>" + Literal(JsonPath(columns[column]));
    return "CAST(" + Identifier(columns[column]) + " AS VARCHAR)";
  }

  /// A member's name as a JSON path, whatever it holds.
  static std::string JsonPath(const std::string& name) {
    std::string path = "$.\"";
    for (const char c : name) {
      if (c == '"' || c == '\\') path += '\\';
      path += c;
    }
    return path + "\"";
  }
};

ForeignFile::ForeignFile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ForeignFile::~ForeignFile() = default;

Result<std::unique_ptr<ForeignFile>> ForeignFile::Open(
    const std::string& path, ForeignFormat format,
    const std::function<Result<void>()>& before_reading) {
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->format = format;
  REVOPS_TRY(impl->StartDatabase());
  REVOPS_TRY(before_reading());
  impl->Connect();
  REVOPS_TRY(FromFile(impl->FindColumns()));
  return std::unique_ptr<ForeignFile>(new ForeignFile(std::move(impl)));
}

const std::vector<std::string>& ForeignFile::columns() const { return impl_->columns; }

Result<void> ForeignFile::Read(const std::vector<std::size_t>& wanted, const Receive& receive) {
  std::string sql = "SELECT ";
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    sql += (i == 0 ? "" : ", ") + impl_->Expression(wanted[i]);
  }
  sql += " FROM " + Source(impl_->path, impl_->format);
  return FromFile(impl_->ForEach(sql, wanted.size(), receive));
}

Result<std::vector<RejectedLine>> ForeignFile::rejected_lines() {
  std::vector<RejectedLine> lines;
  if (impl_->format != ForeignFormat::kCsv) return lines;
  const std::string sql =
      "SELECT CAST(line AS VARCHAR), error_message FROM reject_errors WHERE scan_id = "
      "(SELECT max(scan_id) FROM reject_errors) ORDER BY line";
  REVOPS_TRY(impl_->ForEach(sql, 2, [&lines](auto values) -> Result<void> {
    RejectedLine rejected;
    for (const char c : values[0].value_or("0")) {
      rejected.line = rejected.line * 10 + static_cast<std::uint64_t>(c - '0');
    }
    rejected.reason = values[1].value_or("");
    lines.push_back(std::move(rejected));
    return {};
  }));
  return lines;
}

}  // namespace revops::warehouse
