// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/schema_keywords.hpp"

#include <algorithm>
#include <string_view>

#include "base/nearest_word.hpp"
#include "pipeline/condition_regex.hpp"
#include "plugin_host/keyword_values.hpp"
#include "plugin_host/schema_parts.hpp"

namespace ostler::plugin_host {
namespace {

using Faults = std::vector<std::string>;

/// Draft-07, as people write it.
constexpr std::string_view kDrafts[] = {
    "http://json-schema.org/draft-07/schema#", "http://json-schema.org/draft-07/schema",
    "https://json-schema.org/draft-07/schema#", "https://json-schema.org/draft-07/schema"};

/// Checks the keywords of a schema and of all that lie in it.
class KeywordCheck {
 public:
  KeywordCheck(const JsonValue& root, Faults& faults)
      : root_(root), parts_(all_parts(root)), faults_(faults) {}

  void check(const JsonValue& schema, const std::string& path) {
    for (const auto& [name, value] : schema.members) {
      const std::string where = path + "/" + pointer_part(name);
      if (!keyword_holds(name)) {
        add_unknown(name, where);
      } else if (check_keyword_value(name, value, where, faults_)) {
        check_meaning(name, value, where);
      }
      if (name == "patternProperties") check_names(value, where);
    }
    each_part(schema, [&](const JsonValue& part, const auto&, const std::string& place) {
      check(part, path + place);
    });
  }

 private:
  void check_meaning(const std::string& name, const JsonValue& value, const std::string& where) {
    if (name == "$schema") check_draft(value.text, where);
    if (name == "$ref") check_reference(value.text, where);
    if (name == "pattern") check_pattern(value.text, where);
  }
  void add_unknown(const std::string& name, const std::string& where) {
    const std::string_view near = nearest_word(name, keyword_names());
    faults_.push_back(where + ": no keyword of JSON Schema draft-07" +
                      (near.empty() ? "" : ", did you mean \"" + std::string(near) + "\"?"));
  }
  void check_draft(const std::string& draft, const std::string& where) {
    if (std::ranges::find(kDrafts, draft) != std::end(kDrafts)) return;
    faults_.push_back(where + ": must be \"" + std::string(kDrafts[0]) +
                      "\", for no other draft of JSON Schema is understood");
  }
  void check_pattern(const std::string& pattern, const std::string& where) {
    const auto regex = pipeline::compile_condition_regex(pattern, false);
    if (!regex) faults_.push_back(where + ": " + regex.error().message());
  }
  void check_names(const JsonValue& patterns, const std::string& where) {
    for (const auto& [pattern, part] : patterns.members) {
      check_pattern(pattern, where + "/" + pointer_part(pattern));
    }
  }
  /// The library decodes % and skips empty names: it could find another place than we.
  void check_reference(const std::string& reference, const std::string& where) {
    if (!reference.starts_with("#")) {
      faults_.push_back(where +
                        ": only what is in this schema can be referred to, as in "
                        "\"#/definitions/server\"");
      return;
    }
    const bool is_plain = reference.find('%') == reference.npos && !reference.ends_with('/') &&
                          reference.find("//") == reference.npos;
    const auto found = at_pointer(root_, std::string_view(reference).substr(1));
    if (is_plain && found && parts_.contains(found.value())) return;
    faults_.push_back(where + ": leads to no schema; write names as they are, without %");
  }

  const JsonValue& root_;
  const std::unordered_set<const JsonValue*> parts_;
  Faults& faults_;
};

}  // namespace

void check_keywords(const JsonValue& schema, Faults& faults) {
  KeywordCheck(schema, faults).check(schema, "configuration");
}

}  // namespace ostler::plugin_host
