#include "core/snapshot/id_list.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "core/snapshot/csv.h"

namespace revops::snapshot {
namespace {

void AppendNumber(std::string& out, Int128 value) {
  if (value < 0 || value > std::numeric_limits<std::int64_t>::max()) {
    out += ToDecimal(value);
    return;
  }
  char text[20];
  const auto end = std::to_chars(text, text + sizeof text, static_cast<std::int64_t>(value));
  out.append(text, end.ptr);
}

}  // namespace

bool IdList::Add(std::string_view id) {
  if (!is_numeric_) {
    text_places_.emplace_back(texts_.size(), id.size());
    texts_ += id;
    return true;
  }
  const auto number = is_numeric_id(id) ? ParseDecimal(id) : std::nullopt;
  if (number) numbers_.push_back(*number);
  return number.has_value();
}

template <class Value, class AppendValue>
IdList::Content IdList::Write(std::vector<Value>& values, AppendValue append) {
  std::sort(values.begin(), values.end());
  Content content;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0 && values[i] == values[i - 1]) {
      std::string id;
      append(id, values[i], false);
      if (content.repeated.empty() || content.repeated.back() != id) {
        content.repeated.push_back(std::move(id));
      }
      continue;
    }
    append(content.lines, values[i], true);
    content.lines.push_back('\n');
  }
  return content;
}

IdList::Content IdList::Finish() {
  if (is_numeric_) {
    const auto append = [](std::string& out, Int128 value, bool) { AppendNumber(out, value); };
    Content content = Write(numbers_, append);
    numbers_.clear();
    return content;
  }
  std::vector<std::string_view> texts;
  texts.reserve(text_places_.size());
  for (const auto& [offset, size] : text_places_) {
    texts.push_back(std::string_view(texts_).substr(offset, size));
  }
  const auto append = [](std::string& out, std::string_view value, bool is_line) {
    if (is_line) {
      AppendCsvField(out, value);
    } else {
      out += value;
    }
  };
  Content content = Write(texts, append);
  text_places_.clear();
  texts_.clear();
  return content;
}

}  // namespace revops::snapshot
