#include "fuzz/snowflake_answer_check.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "core/base/check.h"
#include "core/warehouse/snowflake/result_set.h"

namespace revops::fuzz {
namespace {

namespace json = boost::json;
using warehouse::ApiAnswer;
using warehouse::ResultCells;

std::string_view Text(const json::string& text) { return {text.data(), text.size()}; }

/// Rows of one width, at least one, that hold texts and nulls.
bool is_table(const json::value& value) {
  const json::array* rows = value.if_array();
  if (rows == nullptr) return false;
  return std::all_of(rows->begin(), rows->end(), [&](const json::value& row) {
    const json::array* cells = row.if_array();
    if (cells == nullptr || cells->empty()) return false;
    if (cells->size() != rows->front().as_array().size()) return false;
    return std::all_of(cells->begin(), cells->end(),
                       [](const json::value& cell) { return cell.is_string() || cell.is_null(); });
  });
}

void CheckCells(const ResultCells& cells, const json::array& rows) {
  REVOPS_CHECK(cells.row_count() == rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const json::array& expected = rows[row].as_array();
    REVOPS_CHECK(cells.column_count() == expected.size());
    for (std::size_t column = 0; column < expected.size(); ++column) {
      const auto cell = cells.at(row, column);
      const json::string* text = expected[column].if_string();
      REVOPS_CHECK(cell.has_value() == (text != nullptr));
      REVOPS_CHECK(text == nullptr || *cell == Text(*text));
    }
  }
}

void CheckMember(const json::object& object, const char* name, const std::string& ours) {
  const json::value* value = object.if_contains(name);
  if (value != nullptr && value->is_string()) {
    REVOPS_CHECK(ours == Text(value->get_string()));
  }
}

}  // namespace

void CheckSnowflakeAnswer(std::string_view bytes) {
  json::error_code error;
  const json::value peer = json::parse({bytes.data(), bytes.size()}, error);
  const Result<ApiAnswer> ours = warehouse::ReadApiAnswer(bytes);
  if (error) {
    REVOPS_CHECK(!ours);
    return;
  }
  if (is_table(peer)) REVOPS_CHECK(ours.has_value());
  if (!ours) return;
  REVOPS_CHECK(peer.is_array() || peer.is_object());
  const json::object* object = peer.if_object();
  const json::value* data = object == nullptr ? &peer : object->if_contains("data");
  if (data != nullptr && data->is_array()) {
    REVOPS_CHECK(ours->has_data && is_table(*data));
    CheckCells(ours->cells, data->get_array());
  }
  if (object == nullptr) return;
  CheckMember(*object, "code", ours->code);
  CheckMember(*object, "message", ours->message);
  CheckMember(*object, "statementHandle", ours->handle);
}

}  // namespace revops::fuzz
