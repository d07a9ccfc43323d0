#include "core/warehouse/duckdb/foreign_file.h"

#include <algorithm>
#include <array>
#include <utility>

#include <duckdb.h>

#include "core/base/check.h"
#include "core/warehouse/duckdb/csv_text.h"
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

/// "…, at byte 2 in line 3: unexpected character." → "line 2 is no JSON: unexpected character";
/// DuckDB counts from 2.
std::string JsonFault(const std::string& message) {
  constexpr std::string_view kMark = " in line ";
  const auto at = message.find(kMark);
  if (!message.starts_with("Invalid Input Error: Malformed JSON") || at == std::string::npos) {
    return "it is no JSON with one object a line";
  }
  const std::string_view rest = std::string_view(message).substr(at + kMark.size());
  std::uint64_t line = 0;
  for (const char c : rest.substr(0, rest.find(':'))) {
    if (c >= '0' && c <= '9') line = line * 10 + static_cast<std::uint64_t>(c - '0');
  }
  std::string reason(rest.substr(std::min(rest.size(), rest.find(':') + 2)));
  while (reason.ends_with('.') || reason.ends_with(' ')) reason.pop_back();
  return "line " + std::to_string(line - std::min<std::uint64_t>(line, 1)) +
         " is no JSON: " + reason + "; each line holds one object, in UTF-8";
}

/// Whether CAST(… AS VARCHAR) of a Parquet type is the value as people write it.
bool is_plain(std::string_view type) {
  constexpr std::array<std::string_view, 23> kPlain = {"BOOLEAN",
                                                       "TINYINT",
                                                       "SMALLINT",
                                                       "INTEGER",
                                                       "BIGINT",
                                                       "HUGEINT",
                                                       "UTINYINT",
                                                       "USMALLINT",
                                                       "UINTEGER",
                                                       "UBIGINT",
                                                       "UHUGEINT",
                                                       "FLOAT",
                                                       "DOUBLE",
                                                       "VARCHAR",
                                                       "DATE",
                                                       "TIMESTAMP",
                                                       "UUID",
                                                       "TIMESTAMP_NS",
                                                       "TIMESTAMP_MS",
                                                       "TIMESTAMP_S",
                                                       "TIME",
                                                       "TIME_NS",
                                                       "TIMESTAMP WITH TIME ZONE"};
  if (type.ends_with("]")) return false;
  return type.starts_with("DECIMAL(") || type.starts_with("ENUM(") ||
         std::find(kPlain.begin(), kPlain.end(), type) != kPlain.end();
}

}  // namespace

struct ForeignFile::Impl {
  std::string path;
  ForeignFormat format = ForeignFormat::kCsv;
  std::vector<std::string> columns;
  std::vector<std::string> types;  ///< by column; of JSON none
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

  using ReceiveTexts =
      std::function<Result<void>(std::span<const std::optional<std::string_view>> texts)>;

  /// Every row of a query whose columns are texts.
  Result<void> ForEach(const std::string& sql, std::size_t column_count,
                       const ReceiveTexts& receive) {
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
            : "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM " +
                  Source(path, format) + ")";
    const bool has_types = format != ForeignFormat::kJsonLines;
    return ForEach(sql, has_types ? 2 : 1, [this, has_types](auto values) -> Result<void> {
      columns.emplace_back(values[0].value_or(""));
      if (has_types) types.emplace_back(values[1].value_or(""));
      return {};
    });
  }

  Result<void> CheckTypes(const std::vector<std::size_t>& wanted) const {
    if (types.empty()) return {};
    for (const std::size_t column : wanted) {
      if (is_plain(types[column])) continue;
      return Fail(ErrorCode::kInvalidArgument, "the column " + columns[column] + " holds " +
                                                   types[column].substr(0, 40) +
                                                   ", and only plain values are taken");
    }
    return {};
  }

  /// The wanted columns as texts; of JSON then the number of the first that is no plain value, "-"
  /// for a row that is no object.
  std::string Selection(const std::vector<std::size_t>& wanted) const {
    std::string texts;
    if (format != ForeignFormat::kJsonLines) {
      for (const std::size_t column : wanted) {
        texts +=
            (texts.empty() ? "" : ", ") + ("CAST(" + Identifier(columns[column]) + " AS VARCHAR)");
      }
      return "SELECT " + texts + " FROM " + Source(path, format);
    }
    std::string values;
    std::string misfits;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const std::string name = "v" + std::to_string(i);
      texts += name + "->>'$', ";
      values += ", json->" + Literal(JsonPath(columns[wanted[i]])) + " AS " + name;
      misfits +=
          " WHEN json_type(" + name + ") IN ('OBJECT', 'ARRAY') THEN '" + std::to_string(i) + "'";
    }
    return "SELECT " + texts + "CASE WHEN kind <> 'OBJECT' THEN '-'" + misfits +
           " END FROM (SELECT json_type(json) AS kind" + values + " FROM " + Source(path, format) +
           ")";
  }

  /// What the last column of Selection means.
  Misfit MisfitOf(std::string_view mark, const std::vector<std::size_t>& wanted) const {
    if (mark == "-") return {"", "is no JSON object"};
    std::size_t number = 0;
    for (const char c : mark) number = number * 10 + static_cast<std::size_t>(c - '0');
    return {columns[wanted[number]], "is an object or a list, not a plain value"};
  }

  /// What the file's own text tells of a failure; not of one of the machine.
  Error Explain(Error error) const {
    if (error.code == ErrorCode::kResourceExhausted || error.code == ErrorCode::kCancelled ||
        error.code == ErrorCode::kTimeout) {
      return error;
    }
    error.code = ErrorCode::kInvalidArgument;
    error.origin.clear();
    if (format == ForeignFormat::kParquet) {
      error.message = error.message.find("magic bytes") != std::string::npos ||
                              error.message.find("too small") != std::string::npos
                          ? "it is no Parquet file, or not a whole one"
                          : "the Parquet file is damaged; write it anew";
    } else if (format == ForeignFormat::kJsonLines) {
      error.message = JsonFault(error.message);
    } else {
      error.message =
          ScanCsv(path, [](const CsvRecord&) {}).value_or("it is no comma-separated text in UTF-8");
    }
    return error;
  }

  template <class T>
  Result<T> FromFile(Result<T> result) const {
    if (result) return result;
    return Fail(Explain(std::move(result).error()));
  }

  /// The records that DuckDB did not take, counted from 1 with the header and blank lines.
  Result<std::vector<RejectedLine>> RejectedRecords() {
    std::vector<RejectedLine> records;
    const std::string sql =
        "SELECT CAST(line AS VARCHAR), string_agg(reason, '; ' ORDER BY reason) FROM ("
        "SELECT line, CASE error_type WHEN 'MISSING COLUMNS' THEN "
        "'has too few values: ' || min(column_idx) "
        "WHEN 'TOO MANY COLUMNS' THEN 'has too many values: ' || max(column_idx) "
        "WHEN 'INVALID ENCODING' THEN 'is not UTF-8' "
        "WHEN 'UNQUOTED VALUE' THEN 'has text after a closing quote' "
        "WHEN 'LINE SIZE OVER MAXIMUM' THEN 'is too long' "
        "ELSE any_value(error_message) END AS reason FROM reject_errors WHERE scan_id = "
        "(SELECT max(scan_id) FROM reject_errors) GROUP BY line, error_type) "
        "GROUP BY line ORDER BY line";
    REVOPS_TRY(ForEach(sql, 2, [&records](auto values) -> Result<void> {
      RejectedLine rejected;
      for (const char c : values[0].value_or("0")) {
        rejected.line = rejected.line * 10 + static_cast<std::uint64_t>(c - '0');
      }
      rejected.reason = values[1].value_or("");
      records.push_back(std::move(rejected));
      return {};
    }));
    return records;
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
  if (format == ForeignFormat::kCsv) {
    if (auto fault = FindCsvHeadFault(path)) {
      return Fail(ErrorCode::kInvalidArgument, *std::move(fault));
    }
  }
  impl->Connect();
  REVOPS_TRY(impl->FromFile(impl->FindColumns()));
  return std::unique_ptr<ForeignFile>(new ForeignFile(std::move(impl)));
}

const std::vector<std::string>& ForeignFile::columns() const { return impl_->columns; }

Result<void> ForeignFile::Read(const std::vector<std::size_t>& wanted, const Receive& receive) {
  REVOPS_TRY(impl_->CheckTypes(wanted));
  const bool has_misfits = impl_->format == ForeignFormat::kJsonLines;
  // What `receive` fails with is not the file's fault.
  std::optional<Error> refused;
  const auto give = [&](auto texts) -> Result<void> {
    std::optional<Misfit> misfit;
    if (has_misfits && texts[wanted.size()]) {
      misfit = impl_->MisfitOf(*texts[wanted.size()], wanted);
    }
    auto given = receive(texts.first(wanted.size()), misfit ? &*misfit : nullptr);
    if (!given) refused = given.error();
    return given;
  };
  auto done = impl_->ForEach(impl_->Selection(wanted), wanted.size() + (has_misfits ? 1 : 0), give);
  if (refused) return Fail(*std::move(refused));
  return impl_->FromFile(std::move(done));
}

Result<std::vector<RejectedLine>> ForeignFile::rejected_lines() {
  if (impl_->format != ForeignFormat::kCsv) return std::vector<RejectedLine>();
  REVOPS_TRY_ASSIGN(std::vector<RejectedLine> rejected, impl_->RejectedRecords());
  if (rejected.empty()) return rejected;
  std::uint64_t record = 0;
  auto next = rejected.begin();
  ScanCsv(impl_->path, [&](const CsvRecord& found) {
    ++record;
    if (next != rejected.end() && next->line == record) (next++)->line = found.line;
  });
  return rejected;
}

Result<std::vector<std::uint64_t>> ForeignFile::LinesOf(const std::vector<std::uint64_t>& rows) {
  REVOPS_TRY_ASSIGN(const std::vector<RejectedLine> rejected, impl_->RejectedRecords());
  std::vector<std::uint64_t> lines;
  std::uint64_t record = 0;
  std::uint64_t row = 0;
  bool is_header = true;
  auto next = rejected.begin();
  ScanCsv(impl_->path, [&](const CsvRecord& found) {
    ++record;
    if (found.is_blank) return;
    if (std::exchange(is_header, false)) return;
    if (next != rejected.end() && next->line == record) {
      ++next;
      return;
    }
    ++row;
    if (lines.size() < rows.size() && rows[lines.size()] == row) lines.push_back(found.line);
  });
  lines.resize(rows.size());
  return lines;
}

}  // namespace revops::warehouse
