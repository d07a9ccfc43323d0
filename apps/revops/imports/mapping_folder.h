#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/mapping/mapping.h"

namespace revops::app {

/// mappings/<name>.toml of the data folder: what is remembered of files, and what words mean.
class MappingFolder {
 public:
  explicit MappingFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  struct Contents {
    std::vector<mapping::Mapping> mappings;  ///< by name
    std::vector<Error> errors;               ///< of files that cannot be read, each naming its file
  };
  Contents Read() const;
  /// A name for the mapping of a file: from the file's name, and of no mapping of another shape.
  std::string NameFor(std::string_view file_name, std::string_view shape) const;

  /// The text of a mapping's file; nullopt: there is none.
  Result<std::optional<std::string>> Text(std::string_view name) const;
  Result<void> Save(const mapping::Mapping& mapping) const;
  /// Writes <name>.toml.draft, which nobody reads. Returns its path.
  Result<std::string> SaveDraft(const mapping::Mapping& mapping) const;
  /// Puts back what Text said.
  Result<void> PutBack(std::string_view name, const std::optional<std::string>& text) const;

 private:
  std::filesystem::path File(std::string_view name) const;

  std::filesystem::path folder_;
};

}  // namespace revops::app
