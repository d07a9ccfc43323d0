#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <zlib.h>

namespace revops::foreign {

/// A .zip container with these members, not compressed.
inline std::string WriteZip(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string bytes;
  std::string directory;
  const auto add = [](std::string& out, std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i)
      out.push_back(static_cast<char>(i < 8 ? (value >> (8 * i)) & 0xFFU : 0U));
  };
  const auto add_common = [&add](std::string& out, const std::string& name,
                                 const std::string& text) {
    add(out, 20, 2);  // version
    add(out, 0, 8);   // flags, stored, time, date
    add(out, crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())),
        4);
    add(out, text.size(), 4);
    add(out, text.size(), 4);
    add(out, name.size(), 2);
    add(out, 0, 2);  // extra
  };
  for (const auto& [name, text] : members) {
    const std::size_t place = bytes.size();
    bytes += "PK\x03\x04";
    add_common(bytes, name, text);
    bytes += name + text;
    directory += "PK\x01\x02";
    add(directory, 20, 2);
    add_common(directory, name, text);
    add(directory, 0, 10);  // comment, disk, attributes
    add(directory, place, 4);
    directory += name;
  }
  const std::size_t start = bytes.size();
  bytes += directory + "PK\x05\x06";
  add(bytes, 0, 4);
  add(bytes, members.size(), 2);
  add(bytes, members.size(), 2);
  add(bytes, directory.size(), 4);
  add(bytes, start, 4);
  add(bytes, 0, 2);
  return bytes;
}

/// A workbook with these sheets, name and <sheetData> content with what follows it.
struct TestWorkbook {
  std::vector<std::pair<std::string, std::string>> sheets;
  std::vector<std::string> shared_texts;  ///< content of <si>
  std::string styles;                     ///< content of <styleSheet>
  std::string properties;                 ///< attributes of <workbookPr>
  std::vector<std::pair<std::string, std::string>> further_members;

  std::string Write() const {
    std::string workbook = "<workbook><workbookPr " + properties + "/><sheets>";
    std::string relations = "<Relationships>";
    std::vector<std::pair<std::string, std::string>> members;
    for (std::size_t i = 0; i < sheets.size(); ++i) {
      const std::string number = std::to_string(i + 1);
      workbook += "<sheet name=\"" + sheets[i].first + "\" sheetId=\"" + number + "\" r:id=\"r" +
                  number + "\"/>";
      relations += "<Relationship Id=\"r" + number + "\" Type=\"x/worksheet\" Target=\"s" + number +
                   ".xml\"/>";
      members.emplace_back("xl/s" + number + ".xml",
                           "<worksheet>" + sheets[i].second + "</worksheet>");
    }
    std::string texts = "<sst>";
    for (const auto& text : shared_texts) texts += "<si>" + text + "</si>";
    members.emplace_back("xl/sharedStrings.xml", texts + "</sst>");
    members.emplace_back("xl/styles.xml", "<styleSheet>" + styles + "</styleSheet>");
    relations +=
        "<Relationship Id=\"rt\" Type=\"x/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>"
        "<Relationship Id=\"rs\" Type=\"x/styles\" Target=\"styles.xml\"/></Relationships>";
    members.emplace_back("xl/workbook.xml", workbook + "</sheets></workbook>");
    members.emplace_back("xl/_rels/workbook.xml.rels", relations);
    members.insert(members.end(), further_members.begin(), further_members.end());
    return WriteZip(members);
  }
};

}  // namespace revops::foreign
