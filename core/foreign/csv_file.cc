#include "core/foreign/csv_file.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "core/foreign/csv_records.h"
#include "core/foreign/header.h"
#include "core/foreign/text_encoding.h"

namespace revops::foreign {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 16U;
constexpr std::size_t kHeadBytesMax = std::size_t{4} << 20U;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Gives the text in UTF-8, piece by piece, until `take` returns false.
template <class Take>
Result<void> ForEachPiece(const ByteSource& source, const TextEncoding& encoding, Take take) {
  std::vector<char> piece(kPieceBytes);
  Decoder decoder(encoding);
  for (std::uint64_t at = encoding.mark_bytes;;) {
    REVOPS_TRY_ASSIGN(const std::size_t got, source.ReadAt(at, piece));
    if (got == 0) break;
    at += got;
    REVOPS_TRY_ASSIGN(const bool goes_on, take(decoder.Decode({piece.data(), got})));
    if (!goes_on) return {};
  }
  REVOPS_TRY_ASSIGN([[maybe_unused]] const bool goes_on, take(decoder.Finish()));
  return {};
}

/// "sep=;": tells Excel the delimiter.
std::optional<char> SeparatorLine(std::string_view text) {
  constexpr std::string_view kMark = "sep=";
  if (!text.starts_with(kMark) || text.size() <= kMark.size()) return std::nullopt;
  const std::string_view rest = text.substr(kMark.size() + 1);
  if (!rest.empty() && rest.front() != '\n' && rest.front() != '\r') return std::nullopt;
  if (std::string_view(",;\t|").find(text[kMark.size()]) == std::string_view::npos)
    return std::nullopt;
  return text[kMark.size()];
}

struct Head {
  std::vector<RowForm> rows;
  std::vector<std::uint64_t> lines;  ///< where they begin
};

/// The first records as this delimiter makes them.
Head ReadHead(std::string_view text, char delimiter) {
  Head head;
  CsvSplitter splitter(delimiter, true, [&head](const CsvRecord& record) -> Result<void> {
    const auto filled = std::count_if(record.fields.begin(), record.fields.end(),
                                      [](const auto& field) { return field && !field->empty(); });
    head.rows.push_back({record.fields.size(), static_cast<std::size_t>(filled)});
    head.lines.push_back(record.line);
    if (head.rows.size() < kHeadRowsMax) return {};
    return Fail(ErrorCode::kCancelled, "these are enough");
  });
  // What is wrong with the text is told when its rows are read.
  if (splitter.Take(text)) static_cast<void>(splitter.Finish().has_value());
  return head;
}

/// How many records agree on how many fields they have, where that is more than one.
std::pair<std::size_t, std::size_t> Agreement(const Head& head) {
  std::map<std::size_t, std::size_t> records;
  for (const RowForm& row : head.rows) {
    if (row.fields > 1) ++records[row.fields];
  }
  std::pair<std::size_t, std::size_t> best;
  for (const auto& [fields, count] : records) best = std::max(best, std::pair(count, fields));
  return best;
}

char FindDelimiter(std::string_view text) {
  char found = ',';
  std::pair<std::size_t, std::size_t> best;
  for (const char delimiter : {',', ';', '\t', '|'}) {
    const auto agreement = Agreement(ReadHead(text, delimiter));
    if (agreement <= best) continue;
    best = agreement;
    found = delimiter;
  }
  return found;
}

class CsvFile final : public TableFile {
 public:
  explicit CsvFile(const ByteSource& source) : source_(source) {}

  Result<void> Open() {
    REVOPS_TRY_ASSIGN(encoding_, FindEncoding(source_));
    std::string text;
    REVOPS_TRY(ForEachPiece(source_, encoding_, [&text](std::string_view piece) -> Result<bool> {
      text += piece;
      return text.size() < kHeadBytesMax;
    }));
    if (text.find('\0') != std::string::npos && encoding_.encoding != Encoding::kUtf16Le &&
        encoding_.encoding != Encoding::kUtf16Be) {
      return FailAtNul(text);
    }
    const auto separator = SeparatorLine(text);
    delimiter_ = separator ? *separator : FindDelimiter(text);
    Head head = ReadHead(text, delimiter_);
    if (separator && !head.rows.empty()) head.rows.front() = {};
    const auto header = FindHeader(head.rows);
    if (!header) return Fail(ErrorCode::kInvalidArgument, "the file holds no line of names");
    description_.format = "csv";
    description_.encoding = ToString(encoding_.encoding);
    description_.delimiter = std::string(1, delimiter_);
    description_.header_line = head.lines[*header];
    return ReadHeader(text);
  }

  const FileDescription& description() const override { return description_; }
  std::vector<std::string> findings() const override {
    std::vector<std::string> all = findings_;
    all.insert(all.end(), row_findings_.begin(), row_findings_.end());
    return all;
  }

  Result<void> Read(const Receive& receive) override {
    row_findings_.clear();
    FooterFilter footer(description_.columns.size(), [&](std::uint64_t line, auto values) {
      return Give(line, values, receive);
    });
    CsvSplitter splitter(delimiter_, false, [&](const CsvRecord& record) -> Result<void> {
      if (record.line <= description_.header_line) return {};
      if (!record.fields.empty()) return footer.Take(record.line, record.fields);
      footer.TakeBlank();
      return {};
    });
    const auto take = [&splitter](std::string_view piece) -> Result<bool> {
      REVOPS_TRY(splitter.Take(piece));
      return true;
    };
    REVOPS_TRY(ForEachPiece(source_, encoding_, take));
    REVOPS_TRY(splitter.Finish());
    if (auto sentence = footer.Finish()) row_findings_.push_back(*std::move(sentence));
    return {};
  }

 private:
  static Result<void> FailAtNul(std::string_view text) {
    const auto line =
        1 +
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find('\0')), '\n');
    return Fail(ErrorCode::kInvalidArgument,
                "line " + std::to_string(line) + " holds a NUL character, so the file is no text");
  }

  /// The record at header_line, strictly: what is wrong with it is the file's fault.
  Result<void> ReadHeader(std::string_view text) {
    bool is_found = false;
    std::optional<Error> fault;
    CsvSplitter splitter(delimiter_, false, [&](const CsvRecord& record) -> Result<void> {
      if (record.line < description_.header_line) return {};
      // Before they get names of their own: what is no text looks the same everywhere.
      std::vector<std::string> mended;
      for (const auto& field : record.fields) Replace(mended.emplace_back(field.value_or("")));
      const std::vector<std::optional<std::string_view>> fields(mended.begin(), mended.end());
      auto names = NameColumns(fields, findings_);
      is_found = true;
      if (!names) {
        fault = names.error();
      } else {
        description_.columns = *std::move(names);
      }
      return Fail(ErrorCode::kCancelled, "this is enough");
    });
    auto taken = splitter.Take(text);
    if (taken) taken = splitter.Finish();
    if (fault) return Fail(*std::move(fault));
    if (is_found) {
      description_.column_faults.resize(description_.columns.size());
      return {};
    }
    if (!taken) return taken;
    return Fail(ErrorCode::kInvalidArgument, "the line of names is longer than 4 MB");
  }

  static void Replace(std::string& text) {
    for (std::size_t at = text.find(kBadByte); at != std::string::npos; at = text.find(kBadByte)) {
      text.replace(at, 1, kReplacement);
    }
  }

  Result<void> Give(std::uint64_t line, std::span<const std::optional<std::string_view>> values,
                    const Receive& receive) {
    const std::size_t count = description_.columns.size();
    FileRow row{line, values, {}, {}};
    std::string fault;
    std::vector<std::string> mended;
    std::vector<std::optional<std::string_view>> fitted;
    if (values.size() != count) {
      fault = (values.size() < count ? "has too few values: " : "has too many values: ") +
              std::to_string(values.size());
    }
    const bool has_bad_bytes = HasBadBytes(values);
    if (has_bad_bytes) {
      fault += (fault.empty() ? "" : "; ") + std::string("is not ") +
               std::string(ToString(encoding_.encoding));
    }
    if (!fault.empty()) {
      for (std::size_t i = 0; i < std::min(count, values.size()); ++i) {
        mended.emplace_back(values[i].value_or(""));
        Replace(mended.back());
      }
      for (std::size_t i = 0; i < mended.size(); ++i) {
        fitted.push_back(values[i] ? std::optional<std::string_view>(mended[i]) : std::nullopt);
      }
      fitted.resize(count);
      row.values = fitted;
      row.fault = fault;
    }
    return receive(row);
  }

  bool HasBadBytes(std::span<const std::optional<std::string_view>> values) const {
    if (!encoding_.has_bad_bytes && encoding_.encoding != Encoding::kUtf16Le &&
        encoding_.encoding != Encoding::kUtf16Be) {
      return false;
    }
    return std::any_of(values.begin(), values.end(), [](const auto& value) {
      return value && value->find(kBadByte) != std::string_view::npos;
    });
  }

  const ByteSource& source_;
  TextEncoding encoding_;
  char delimiter_ = ',';
  FileDescription description_;
  std::vector<std::string> findings_;
  std::vector<std::string> row_findings_;  ///< of the last Read
};

}  // namespace

Result<std::unique_ptr<TableFile>> OpenCsv(const ByteSource& source) {
  auto file = std::make_unique<CsvFile>(source);
  REVOPS_TRY(file->Open());
  return std::unique_ptr<TableFile>(std::move(file));
}

}  // namespace revops::foreign
