#pragma once

#include <optional>
#include <string_view>

#include "core/base/result.h"
#include "core/foreign/zip_archive.h"

namespace revops::foreign {

/// An element's attributes, by name without prefix.
class XmlAttributes {
 public:
  explicit XmlAttributes(const char** pairs) : pairs_(pairs) {}
  std::optional<std::string_view> Find(std::string_view name) const;
  std::string_view Get(std::string_view name) const { return Find(name).value_or(""); }

 private:
  const char** pairs_;
};

/// Receives a document in order; names come without prefix.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void Start(std::string_view name, const XmlAttributes& attributes) = 0;
  virtual void End(std::string_view name) = 0;
  virtual void Text(std::string_view text) = 0;
  /// Asked after each piece: false ends the reading.
  virtual Result<bool> Continue() { return true; }
};

/// Reads a member of the archive as XML. A document type, and so every entity of its own, is
/// refused.
/// Errors: kInvalidArgument when it is no XML; what the handler or the archive fails with.
Result<void> ReadXml(ZipArchive& archive, std::string_view member, XmlHandler& handler);

}  // namespace revops::foreign
