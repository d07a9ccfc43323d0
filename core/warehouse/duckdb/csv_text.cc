#include "core/warehouse/duckdb/csv_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <memory>
#include <set>
#include <string_view>

namespace revops::warehouse {
namespace {

constexpr std::size_t kHeadBytesMax = std::size_t{1} << 20U;
constexpr std::size_t kNameShownMax = 60;

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

File OpenFile(const std::string& path) { return {std::fopen(path.c_str(), "rb"), std::fclose}; }

/// RFC 4180, byte by byte; line ends are LF, CR LF or CR.
class Scanner {
 public:
  explicit Scanner(const std::function<void(const CsvRecord&)>& receive) : receive_(receive) {}

  /// False when the text is at fault.
  bool Take(char c) {
    if (c == '\n' && after_cr_) {
      after_cr_ = false;
      return true;
    }
    after_cr_ = c == '\r';
    if (c == '\0' && nul_line_ == 0) nul_line_ = line_;
    if (state_ == State::kQuoted) {
      if (c == '"') state_ = State::kQuoteSeen;
      if (c == '\n' || c == '\r') ++line_;
      return true;
    }
    if (c == '\n' || c == '\r') {
      EndRecord();
      ++line_;
      begin_ = line_;
      return true;
    }
    is_blank_ = false;
    return TakeOutside(c);
  }

  void Finish() {
    if (state_ == State::kQuoted) {
      Fault(quote_line_, " opens a quote that is never closed; a quote within a value is doubled");
      return;
    }
    if (!is_blank_) EndRecord();
  }

  /// A NUL tells more than the quotes of what is no text.
  std::optional<std::string> fault() const {
    if (nul_line_ == 0) return fault_;
    return "line " + std::to_string(nul_line_) + " holds a NUL character, so the file is no text";
  }

 private:
  enum class State { kFieldStart, kPlain, kQuoted, kQuoteSeen };

  bool TakeOutside(char c) {
    if (c == ',') {
      state_ = State::kFieldStart;
    } else if (c == '"' && state_ != State::kPlain) {
      if (state_ == State::kFieldStart) quote_line_ = line_;
      state_ = State::kQuoted;
    } else if (state_ == State::kQuoteSeen) {
      return Fault(line_,
                   " has text after a closing quote; a quote within a value is doubled, and a "
                   "value with one stands in quotes");
    } else {
      state_ = State::kPlain;
    }
    return true;
  }

  bool Fault(std::uint64_t line, std::string_view what) {
    fault_ = "line " + std::to_string(line) + std::string(what);
    return false;
  }

  void EndRecord() {
    receive_({begin_, is_blank_});
    state_ = State::kFieldStart;
    is_blank_ = true;
  }

  const std::function<void(const CsvRecord&)>& receive_;
  State state_ = State::kFieldStart;
  std::uint64_t line_ = 1;
  std::uint64_t begin_ = 1;
  std::uint64_t quote_line_ = 0;
  std::uint64_t nul_line_ = 0;  ///< 0: none
  bool is_blank_ = true;
  bool after_cr_ = false;
  std::optional<std::string> fault_;
};

/// Spreadsheets write a byte order mark; without one every other byte of English text is NUL.
bool is_utf16(std::string_view head) {
  if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF")) return true;
  const std::string_view first = head.substr(0, 8);
  return first.size() == 8 && std::count(first.begin(), first.end(), '\0') == 4 &&
         (first[0] == '\0') != (first[1] == '\0');
}

std::string_view FirstLine(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  while (head.starts_with('\n') || head.starts_with('\r')) head.remove_prefix(1);
  return head.substr(0, head.find_first_of("\r\n"));
}

std::optional<std::string> FindOtherSeparator(std::string_view line) {
  constexpr std::array kOthers = {std::pair{';', "';'"}, std::pair{'\t', "tabs"},
                                  std::pair{'|', "'|'"}};
  if (line.find(',') != std::string_view::npos) return std::nullopt;
  for (const auto& [separator, name] : kOthers) {
    if (std::count(line.begin(), line.end(), separator) < 2) continue;
    return std::string("the values are separated by ") + name +
           "; write them separated by commas, in UTF-8";
  }
  return std::nullopt;
}

std::string UpperCase(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return upper;
}

std::optional<std::string> FindDoubleName(std::string_view line) {
  std::set<std::string> seen;
  while (!line.empty()) {
    std::string_view name = line.substr(0, line.find(','));
    line.remove_prefix(std::min(line.size(), name.size() + 1));
    if (name.size() > 1 && name.starts_with('"') && name.ends_with('"')) {
      name = name.substr(1, name.size() - 2);
    }
    if (name.empty() || seen.insert(UpperCase(name)).second) continue;
    return "the first line names " + std::string(name.substr(0, kNameShownMax)) + " twice";
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> FindCsvHeadFault(const std::string& path) {
  const File file = OpenFile(path);
  if (!file) return std::nullopt;
  std::string text(kHeadBytesMax, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (is_utf16(text)) return "the file is UTF-16; write it as comma-separated text in UTF-8";
  const std::string_view line = FirstLine(text);
  if (line.find('\0') != std::string_view::npos) {
    return "line 1 holds a NUL character, so the file is no text";
  }
  if (auto fault = FindOtherSeparator(line)) return fault;
  return FindDoubleName(line);
}

std::optional<std::string> ScanCsv(const std::string& path,
                                   const std::function<void(const CsvRecord&)>& receive) {
  const File file = OpenFile(path);
  if (!file) return "it cannot be read again";
  Scanner scanner(receive);
  std::array<char, 65536> piece;
  bool is_first = true;
  for (;;) {
    const std::size_t got = std::fread(piece.data(), 1, piece.size(), file.get());
    if (got == 0) break;
    std::string_view text(piece.data(), got);
    if (is_first && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    is_first = false;
    for (const char c : text) {
      if (!scanner.Take(c)) return scanner.fault();
    }
  }
  scanner.Finish();
  return scanner.fault();
}

}  // namespace revops::warehouse
