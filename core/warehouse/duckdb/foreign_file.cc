#include "core/warehouse/duckdb/foreign_file.h"

#include <algorithm>
#include <array>
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
  if (format == ForeignFormat::kParquet) return "read_parquet(" + Literal(path) + ")";
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

class ForeignFile final : public foreign::TableFile {
 public:
  ForeignFile(std::string path, ForeignFormat format) : path_(std::move(path)), format_(format) {}

  Result<void> Open(const std::function<Result<void>()>& before_reading) {
    REVOPS_TRY(StartDatabase());
    REVOPS_TRY(before_reading());
    Connect();
    description_.format = format_ == ForeignFormat::kParquet ? "parquet" : "jsonl";
    REVOPS_TRY(FromFile(FindColumns()));
    const std::size_t count = description_.columns.size();
    if (count > foreign::kColumnsMax) {
      return Fail(ErrorCode::kInvalidArgument,
                  "the file has " + std::to_string(count) + " columns; at most " +
                      std::to_string(foreign::kColumnsMax) + " are taken");
    }
    if (count == 0) return Fail(ErrorCode::kInvalidArgument, "the file has no columns");
    return {};
  }

  const foreign::FileDescription& description() const override { return description_; }
  std::vector<std::string> findings() const override { return {}; }

  Result<void> Read(const Receive& receive) override {
    const std::size_t count = description_.columns.size();
    const bool has_marks = format_ == ForeignFormat::kJsonLines;
    // What `receive` fails with is not the file's fault.
    std::optional<Error> refused;
    std::uint64_t number = 0;
    std::vector<std::size_t> misfits;
    const auto give = [&](auto texts) -> Result<void> {
      foreign::FileRow row{++number, texts.first(count), {}, {}};
      if (has_marks) {
        const std::string_view marks = texts[count].value_or("");
        if (marks == "-") row.fault = "is no JSON object";
        ReadMarks(marks, misfits);
        row.misfits = misfits;
      }
      auto given = receive(row);
      if (!given) refused = given.error();
      return given;
    };
    auto done = ForEach(Selection(), count + (has_marks ? 1 : 0), give);
    if (refused) return Fail(*std::move(refused));
    return FromFile(std::move(done));
  }

 private:
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
    instance_ = std::make_shared<Instance>(database);
    return {};
  }

  void Connect() {
    duckdb_connection connection = nullptr;
    REVOPS_CHECK(duckdb_connect(instance_->database, &connection) == DuckDBSuccess);
    session_ =
        std::make_unique<Session>(instance_, connection, watchdog_.emplace(), SessionLimits{});
  }

  using ReceiveTexts =
      std::function<Result<void>(std::span<const std::optional<std::string_view>> texts)>;

  /// Every row of a query whose columns are texts.
  Result<void> ForEach(const std::string& sql, std::size_t column_count,
                       const ReceiveTexts& receive) {
    REVOPS_TRY_ASSIGN(Rows rows, session_->Query(sql));
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
        format_ == ForeignFormat::kJsonLines
            ? "SELECT key FROM (SELECT unnest(json_keys(json)) AS key, file_row FROM (SELECT json, "
              "row_number() OVER () AS file_row FROM " +
                  Source(path_, format_) + ")) GROUP BY key ORDER BY min(file_row), key"
            : "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM " +
                  Source(path_, format_) + ")";
    const bool has_types = format_ != ForeignFormat::kJsonLines;
    return ForEach(sql, has_types ? 2 : 1, [this, has_types](auto values) -> Result<void> {
      description_.columns.emplace_back(values[0].value_or(""));
      std::string& fault = description_.column_faults.emplace_back();
      if (!has_types) return {};
      const std::string_view type = values[1].value_or("");
      if (is_plain(type)) return {};
      fault = "holds " + std::string(type.substr(0, 40)) + ", and only plain values are taken";
      return {};
    });
  }

  /// All columns as texts; of JSON then the numbers of those that are no plain values, "-" for a
  /// row that is no object.
  std::string Selection() const {
    std::string texts;
    if (format_ == ForeignFormat::kParquet) {
      for (std::size_t i = 0; i < description_.columns.size(); ++i) {
        const bool is_taken = description_.column_faults[i].empty();
        texts += (texts.empty() ? "" : ", ") +
                 (is_taken ? "CAST(" + Identifier(description_.columns[i]) + " AS VARCHAR)"
                           : std::string("CAST(NULL AS VARCHAR)"));
      }
      return "SELECT " + texts + " FROM " + Source(path_, format_);
    }
    std::string values;
    std::string marks;
    for (std::size_t i = 0; i < description_.columns.size(); ++i) {
      const std::string name = "v" + std::to_string(i);
      texts += name + "->>'$', ";
      values += ", json->" + Literal(JsonPath(description_.columns[i])) + " AS " + name;
      marks += ", CASE WHEN json_type(" + name + ") IN ('OBJECT', 'ARRAY') THEN '" +
               std::to_string(i) + "' END";
    }
    return "SELECT " + texts + "CASE WHEN kind <> 'OBJECT' THEN '-' ELSE concat_ws(','" + marks +
           ") END FROM (SELECT json_type(json) AS kind" + values + " FROM " +
           Source(path_, format_) + ")";
  }

  /// What the last column of Selection means: "2,5".
  static void ReadMarks(std::string_view marks, std::vector<std::size_t>& misfits) {
    misfits.clear();
    if (marks.empty() || marks == "-") return;
    misfits.push_back(0);
    for (const char c : marks) {
      if (c == ',') {
        misfits.push_back(0);
      } else {
        misfits.back() = misfits.back() * 10 + static_cast<std::size_t>(c - '0');
      }
    }
  }

  /// What the file's own text tells of a failure; not of one of the machine.
  Error Explain(Error error) const {
    if (error.code == ErrorCode::kResourceExhausted || error.code == ErrorCode::kCancelled ||
        error.code == ErrorCode::kTimeout) {
      return error;
    }
    error.code = ErrorCode::kInvalidArgument;
    error.origin.clear();
    if (format_ == ForeignFormat::kParquet) {
      error.message = error.message.find("magic bytes") != std::string::npos ||
                              error.message.find("too small") != std::string::npos
                          ? "it is no Parquet file, or not a whole one"
                          : "the Parquet file is damaged; write it anew";
    } else {
      error.message = JsonFault(error.message);
    }
    return error;
  }

  template <class T>
  Result<T> FromFile(Result<T> result) const {
    if (result) return result;
    return Fail(Explain(std::move(result).error()));
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

  std::string path_;
  ForeignFormat format_;
  foreign::FileDescription description_;
  std::shared_ptr<Instance> instance_;
  std::optional<Watchdog> watchdog_;
  std::unique_ptr<Session> session_;
};

}  // namespace

Result<std::unique_ptr<foreign::TableFile>> OpenForeignFile(
    const std::string& path, ForeignFormat format,
    const std::function<Result<void>()>& before_reading) {
  auto file = std::make_unique<ForeignFile>(path, format);
  REVOPS_TRY(file->Open(before_reading));
  return std::unique_ptr<foreign::TableFile>(std::move(file));
}

}  // namespace revops::warehouse
