// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace ostler {

/// What objects of a protocol have, written down in a text file:
///
///     # a comment
///     user                     a name; the fields follow, indented
///       id:uuid name:str       a field and what it is
///       avatar_url:url?        or null
///       sso_mode?:str          or absent
///       creator:=user?         an object of that name, or null
///       jobs:[=job] tags:[str] env:{str}
///
/// Kinds of values: uuid str int bool url ts (2015-05-09T21:05:59.874Z) utc (2015-05-09 21:05:59
/// UTC) id/Kind (base64 of "Kind---<uuid>") obj list any. An object may have more fields than
/// these.
class JsonShapes {
 public:
  static JsonShapes read(const std::filesystem::path& file);

  /// What is wrong with `value`, which is to be of that kind ("=user", "[=job]"); empty: nothing.
  std::string fault(const std::string& kind, const nlohmann::json& value) const;

 private:
  struct Field {
    std::string name;
    std::string kind;
    bool may_be_absent = false;
  };
  std::string fault_of_object(const std::string& name, const nlohmann::json& value) const;

  std::map<std::string, std::vector<Field>> shapes_;
};

}  // namespace ostler
