#include "apps/revops/text_table.h"

#include <algorithm>

#include "core/base/logging.h"

namespace revops::app {
namespace {

using Row = std::vector<std::optional<std::string>>;

/// Characters, not bytes, of UTF-8 text.
std::size_t Width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

void AppendPadded(std::string& out, std::string_view text, std::size_t width) {
  // Line ends and other controls would tear the table, or the terminal.
  for (const char c : text) out += is_control(c) ? ' ' : c;
  out.append(width - std::min(width, Width(text)), ' ');
}

std::string AsTable(const std::vector<std::string>& columns, const std::vector<Row>& rows) {
  if (columns.empty()) return {};
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    std::size_t width = Width(columns[i]);
    for (const Row& row : rows) width = std::max(width, Width(row[i].value_or("")));
    widths.push_back(width);
  }
  std::string out;
  const auto append = [&](auto cell) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) out += "  ";
      AppendPadded(out, cell(i), widths[i]);
    }
    while (out.ends_with(' ')) out.pop_back();
    out += '\n';
  };
  append([&](std::size_t i) { return columns[i]; });
  append([&](std::size_t i) { return std::string(widths[i], '-'); });
  for (const Row& row : rows) append([&](std::size_t i) { return row[i].value_or(""); });
  return out;
}

std::string AsJson(const std::vector<std::string>& columns, const std::vector<Row>& rows) {
  std::string out = "[";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    out += r == 0 ? "\n{" : ",\n{";
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) out += ',';
      AppendJsonString(out, columns[i]);
      out += ':';
      if (const auto& cell = rows[r][i]) {
        AppendJsonString(out, *cell);
      } else {
        out += "null";
      }
    }
    out += '}';
  }
  return out + (rows.empty() ? "]\n" : "\n]\n");
}

void AppendCsvField(std::string& out, const std::optional<std::string>& field) {
  if (!field) return;
  if (!field->empty() && field->find_first_of(",\"\r\n") == std::string::npos) {
    out += *field;
    return;
  }
  out += '"';
  for (const char c : *field) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

std::string AsCsv(const std::vector<std::string>& columns, const std::vector<Row>& rows) {
  std::string out;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) out += ',';
    AppendCsvField(out, columns[i]);
  }
  out += '\n';
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) out += ',';
      AppendCsvField(out, row[i]);
    }
    out += '\n';
  }
  return out;
}

}  // namespace

Result<TableFormat> ParseTableFormat(std::string_view text) {
  if (text.empty() || text == "table") return TableFormat::kTable;
  if (text == "json") return TableFormat::kJson;
  if (text == "csv") return TableFormat::kCsv;
  return Fail(ErrorCode::kInvalidArgument,
              "unknown format '" + std::string(text) + "': use table, json or csv");
}

std::string RenderTable(const std::vector<std::string>& columns, const std::vector<Row>& rows,
                        TableFormat format) {
  switch (format) {
    case TableFormat::kJson:
      return AsJson(columns, rows);
    case TableFormat::kCsv:
      return AsCsv(columns, rows);
    case TableFormat::kTable:
      break;
  }
  return AsTable(columns, rows);
}

std::string Counted(std::uint64_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace revops::app
