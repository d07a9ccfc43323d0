#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace revops::warehouse {

/// A value of a statement, as the SQL API takes it: always a string.
struct SqlBinding {
  std::string type;  ///< "TEXT" or "FIXED"
  std::string value;

  friend bool operator==(const SqlBinding&, const SqlBinding&) = default;
};

/// SQL with a '?' for each binding, in the order of its text. Equal questions give equal bytes.
struct SqlStatement {
  std::string sql;
  std::vector<SqlBinding> bindings;

  SqlStatement& Add(std::string_view text) {
    sql += text;
    return *this;
  }
  SqlStatement& Add(const SqlStatement& part) {
    sql += part.sql;
    bindings.insert(bindings.end(), part.bindings.begin(), part.bindings.end());
    return *this;
  }
  SqlStatement& BindText(std::string value) {
    sql += '?';
    bindings.push_back({"TEXT", std::move(value)});
    return *this;
  }
  SqlStatement& BindNumber(std::uint64_t value) {
    sql += '?';
    bindings.push_back({"FIXED", std::to_string(value)});
    return *this;
  }
};

}  // namespace revops::warehouse
