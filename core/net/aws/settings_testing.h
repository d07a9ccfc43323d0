#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "core/net/aws/settings.h"

namespace revops::net {

/// An environment and files that are written down.
inline AwsSettings SettingsOf(std::map<std::string, std::string> variables,
                              std::map<std::string, std::string> files = {}) {
  const auto look_up = [](const std::map<std::string, std::string>& in, const std::string& name) {
    const auto found = in.find(name);
    return found == in.end() ? std::nullopt : std::optional<std::string>(found->second);
  };
  return {[look_up, variables = std::move(variables)](const std::string& name) {
            return look_up(variables, name);
          },
          [look_up, files = std::move(files)](const std::string& path) {
            return look_up(files, path);
          }};
}

}  // namespace revops::net
