#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace revops::foreign {

/// Whether a number with this format of a workbook is shown as a date or a time: "dd/mm/yyyy" is,
/// "#,##0.00" and "0 \"days\"" are not.
bool is_date_format(std::string_view code);
/// The same of the formats that every workbook has (ECMA-376 18.8.30).
bool is_date_format(unsigned built_in_id);

/// The sign or code of the currency that a number with this format is shown with: "$" of
/// "\"$\"#,##0.00", "€" of "#,##0.00\\ [$€-407]", "CHF" of "[$CHF] 0". Empty: none that is known.
std::string CurrencyOfFormat(std::string_view code);

/// A day number of a workbook as ISO 8601, with a time only where there is one: "2026-11-22",
/// "2026-11-22T10:30:00", "10:30:00". `counts_from_1904`: of workbooks of old Macs. nullopt: no day
/// of the years 1900 to 9999.
std::optional<std::string> ToIsoDate(double number, bool counts_from_1904);

}  // namespace revops::foreign
