#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace revops::net {

/// A whole file of at most 1 MiB; nullopt when it cannot be read.
std::optional<std::string> ReadSmallFile(const std::string& path);

/// Without blanks and line ends at its ends.
std::string_view Stripped(std::string_view text);

/// What AWS's own tools are set up by.
struct AwsSettings {
  std::function<std::optional<std::string>(const std::string& name)> environment;
  std::function<std::optional<std::string>(const std::string& path)> read_file = ReadSmallFile;

  /// A variable, stripped; nullopt when nothing is left.
  std::optional<std::string> Variable(const std::string& name) const;
};

/// A profile of the shared files.
struct AwsProfile {
  std::string name;
  bool is_named = false;  ///< by AWS_PROFILE; else it is "default"
  bool is_found = false;
  std::map<std::string, std::string> values;  ///< partly secret; of both files, credentials first

  std::optional<std::string> value(const std::string& key) const;
};

/// The sections of an AWS file and their entries: `[name]`, `key = value`; comments, nested entries
/// and whatever else there is are passed over. A section or key that comes again adds and replaces.
std::map<std::string, std::map<std::string, std::string>> ReadSections(std::string_view text);

/// AWS_PROFILE or "default", from AWS_SHARED_CREDENTIALS_FILE (~/.aws/credentials) and
/// AWS_CONFIG_FILE (~/.aws/config, where sections are "profile name"). Missing files are empty.
AwsProfile ReadProfile(const AwsSettings& settings);

/// AWS_REGION, AWS_DEFAULT_REGION, the profile's region; nullopt when there is none.
/// Errors: kInvalidArgument for what is no region's name.
Result<std::optional<std::string>> FindAwsRegion(const AwsSettings& settings);

}  // namespace revops::net
