// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/config_faults.hpp"

#include <algorithm>

#include "base/joined.hpp"
#include "plugin_host/exact_judgement.hpp"
#include "plugin_host/fault_words.hpp"
#include "plugin_host/schema_library.hpp"
#include "plugin_host/schema_parts.hpp"
#include "plugin_host/schema_patterns.hpp"
#include "plugin_host/schema_rules.hpp"

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;
using ConfigFaults = std::vector<ConfigFault>;

constexpr std::size_t kMostFaults = 10;
/// Steps of one explanation: a schema may refer to itself, with alternatives at every level.
constexpr int kMostSteps = 5'000;
/// The same where the steps decide what is a fault.
constexpr int kMostStepsOfJudge = 20'000;
constexpr int kStepsOfValue = 8;  ///< that the judge has besides, for each
constexpr int kMostValuesJudged = 100'000;
constexpr int kStepsOfFormat = 10;
constexpr std::int64_t kRegexWorkOfStep = 40'000;  ///< bytes of a text times instructions
/// Of these, within each other: they stand on the stack.
constexpr int kMostStepsWithin = 200;
/// Values inside each other that one step looks at.
constexpr int kValuesOfStep = 64;
constexpr int kMostValuesSeen = kValuesOfStep * kMostSteps;

/// Keywords that look at a value and at no other schema, in the order in which they are told.
constexpr std::string_view kPlainKeywords[] = {"const",
                                               "enum",
                                               "minimum",
                                               "maximum",
                                               "exclusiveMinimum",
                                               "exclusiveMaximum",
                                               "multipleOf",
                                               "minLength",
                                               "maxLength",
                                               "pattern",
                                               "format",
                                               "minItems",
                                               "maxItems",
                                               "uniqueItems",
                                               "minProperties",
                                               "maxProperties"};

/// Walks a configuration along its schema and says what does not fit.
class Walk {
 public:
  /// Without `is_open` nothing is.
  Walk(const JsonValue& root, IsOpen is_open, int steps = kMostSteps)
      : root_(root), is_open_(is_open), steps_left_(steps) {}

  ConfigFaults faults(const JsonValue& schema, const JsonValue& value, const std::string& at) {
    ConfigFaults found;
    visit(schema, value, at, found);
    return found;
  }
  int steps_left() const { return steps_left_; }

 private:
  void visit(const JsonValue& written, const JsonValue& value, const std::string& at,
             ConfigFaults& found) {
    if (depth_ == kMostStepsWithin) steps_left_ = 0;  // or what was not looked at would fit
    if (--steps_left_ <= 0 || found.size() >= kMostFaults) return;
    ++depth_;
    visit_by(resolved_schema(root_, written), value, at, found);
    --depth_;
  }
  void visit_by(const JsonValue& schema, const JsonValue& value, const std::string& at,
                ConfigFaults& found);
  void visit_plain(const JsonValue& schema, const JsonValue& value, const std::string& at,
                   ConfigFaults& found);
  void visit_object(const JsonValue& schema, const JsonValue& value, const std::string& at,
                    ConfigFaults& found);
  void visit_member(const JsonValue& schema, const std::string& name, const JsonValue& value,
                    const std::string& at, ConfigFaults& found);
  void visit_required(const JsonValue& names, const JsonValue& value, const std::string& at,
                      ConfigFaults& found);
  void visit_array(const JsonValue& schema, const JsonValue& value, const std::string& at,
                   ConfigFaults& found);
  void visit_choices(const JsonValue& schema, const JsonValue& value, const std::string& at,
                     ConfigFaults& found);
  void visit_any(const JsonValue& choices, const JsonValue& value, const std::string& at,
                 bool only_one, ConfigFaults& found);

  bool is_found(const std::string& pattern, const std::string& text);
  bool keeps(std::string_view keyword, const JsonValue& wanted, const JsonValue& value) {
    if (value.type != Type::String) return holds(keyword, wanted, value);
    if (keyword == "pattern") return is_found(wanted.text, value.text);
    if (keyword == "format") steps_left_ -= kStepsOfFormat;
    return holds(keyword, wanted, value);
  }
  bool is_open(std::string_view text) const { return is_open_ != nullptr && is_open_(text); }
  bool has_open_key(const JsonValue& value) const {
    return std::ranges::any_of(value.members, [&](const auto& one) { return is_open(one.first); });
  }
  /// Whether something in the value is, so that no more than its type can be told.
  bool has_open(const JsonValue& value) const {
    if (is_open_ == nullptr) return false;
    if (value.type == Type::String) return is_open(value.text);
    return has_open_key(value) ||
           std::ranges::any_of(value.items, [&](const auto& item) { return has_open(item); }) ||
           std::ranges::any_of(value.members,
                               [&](const auto& member) { return has_open(member.second); });
  }
  bool fits(const JsonValue& schema, const JsonValue& value) {
    return faults(schema, value, {}).empty();
  }
  bool is_of_type(const JsonValue& written, const JsonValue& value) {
    const JsonValue* type = resolved_schema(root_, written).member("type");
    return type == nullptr || has_type(*type, value);
  }
  /// Takes the steps that it costs to look at so many values; false when there are too few left.
  bool pay_for(std::int64_t values) {
    steps_left_ -= 1 + static_cast<int>(values / kValuesOfStep);
    return steps_left_ > 0;
  }
  bool pay_for(const JsonValue& value) { return pay_for(count_values(value, kMostValuesSeen)); }
  /// With no steps left nothing more is claimed.
  void add(ConfigFaults& found, ConfigFault fault) const {
    if (steps_left_ > 0 && found.size() < kMostFaults) found.push_back(std::move(fault));
  }

  const JsonValue& root_;
  IsOpen is_open_;
  int steps_left_;
  int depth_ = 0;
  SchemaPatterns patterns_;
};

/// Where that cannot be told, no steps are left.
bool Walk::is_found(const std::string& pattern, const std::string& text) {
  std::int64_t work = 0;
  const auto found = patterns_.is_found(pattern, text, work);
  steps_left_ -= static_cast<int>(std::min<std::int64_t>(work / kRegexWorkOfStep, kMostSteps));
  if (!found) steps_left_ = 0;
  return !found || found.value();
}

void Walk::visit_by(const JsonValue& schema, const JsonValue& value, const std::string& at,
                    ConfigFaults& found) {
  if (value.type == Type::String && is_open(value.text)) return;
  if (is_false(schema)) return add(found, {at, "is not allowed here"});
  const JsonValue* type = schema.member("type");
  if (type != nullptr && !has_type(*type, value)) {
    return add(found, {at, broken_keyword("type", *type, value)});
  }
  if (is_open_ != nullptr && !pay_for(value)) return;
  const bool is_certain = !has_open(value);
  if (is_certain) visit_plain(schema, value, at, found);
  if (value.type == Type::Object) visit_object(schema, value, at, found);
  if (value.type == Type::Array) visit_array(schema, value, at, found);
  if (const JsonValue* all = schema.member("allOf")) {
    for (const JsonValue& part : all->items) visit(part, value, at, found);
  }
  if (is_certain) visit_choices(schema, value, at, found);
}

void Walk::visit_plain(const JsonValue& schema, const JsonValue& value, const std::string& at,
                       ConfigFaults& found) {
  for (const std::string_view keyword : kPlainKeywords) {
    const JsonValue* wanted = schema.member(keyword);
    if (wanted == nullptr || !pay_for(value)) continue;
    const std::int64_t compared = count_compared(keyword, *wanted, value, kMostValuesSeen);
    if (compared > 0 && !pay_for(compared)) return;
    if (keeps(keyword, *wanted, value)) continue;
    add(found, {at, broken_keyword(keyword, *wanted, value)});
    if (keyword == "const" || keyword == "enum") return;
  }
}

void Walk::visit_required(const JsonValue& names, const JsonValue& value, const std::string& at,
                          ConfigFaults& found) {
  if (has_open_key(value)) return;
  for (const JsonValue& name : names.items) {
    if (value.member(name.text) != nullptr) continue;
    add(found, {at + "/" + pointer_part(name.text), "is missing", true});
  }
}

void Walk::visit_object(const JsonValue& schema, const JsonValue& value, const std::string& at,
                        ConfigFaults& found) {
  const JsonValue* names = schema.member("propertyNames");
  for (const auto& [name, member] : value.members) {
    if (is_open(name)) continue;
    const std::string place = at + "/" + pointer_part(name);
    if (names != nullptr) visit(*names, {.type = Type::String, .text = name}, place, found);
    visit_member(schema, name, member, place, found);
  }
  if (const JsonValue* required = schema.member("required")) {
    visit_required(*required, value, at, found);
  }
  const JsonValue* dependencies = schema.member("dependencies");
  if (dependencies == nullptr) return;
  for (const auto& [name, needed] : dependencies->members) {
    if (value.member(name) == nullptr) continue;
    if (needed.type == Type::Array) {
      visit_required(needed, value, at, found);
    } else {
      visit(needed, value, at, found);
    }
  }
}

/// Every schema that a member of an object answers to.
void Walk::visit_member(const JsonValue& schema, const std::string& name, const JsonValue& value,
                        const std::string& at, ConfigFaults& found) {
  const JsonValue* properties = schema.member("properties");
  const JsonValue* property = properties == nullptr ? nullptr : properties->member(name);
  bool is_known = property != nullptr;
  if (property != nullptr) visit(*property, value, at, found);
  if (const JsonValue* patterns = schema.member("patternProperties")) {
    for (const auto& [pattern, part] : patterns->members) {
      if (--steps_left_ <= 0) return;
      if (!is_found(pattern, name)) continue;
      is_known = true;
      visit(part, value, at, found);
    }
  }
  const JsonValue* others = schema.member("additionalProperties");
  if (is_known || others == nullptr) return;
  if (!is_false(*others)) return visit(*others, value, at, found);
  std::vector<std::string_view> known;
  if (properties != nullptr) {
    for (const auto& [one, ignored] : properties->members) known.push_back(one);
  }
  add(found, {at, no_such_key(name, known)});
}

void Walk::visit_array(const JsonValue& schema, const JsonValue& value, const std::string& at,
                       ConfigFaults& found) {
  const JsonValue* items = schema.member("items");
  const JsonValue* others = schema.member("additionalItems");
  for (std::size_t i = 0; items != nullptr && i < value.items.size(); ++i) {
    const JsonValue* item = items;
    if (items->type == Type::Array) item = i < items->items.size() ? &items->items[i] : others;
    if (item != nullptr) visit(*item, value.items[i], at + "/" + std::to_string(i), found);
  }
  const JsonValue* contained = schema.member("contains");
  if (contained == nullptr || has_open(value)) return;
  const bool has_one = std::ranges::any_of(
      value.items, [&](const JsonValue& item) { return fits(*contained, item); });
  const std::string words = schema_in_words(resolved_schema(root_, *contained));
  if (!has_one) add(found, {at, "must contain " + (words.empty() ? "an item that fits" : words)});
}

void Walk::visit_choices(const JsonValue& schema, const JsonValue& value, const std::string& at,
                         ConfigFaults& found) {
  if (const JsonValue* any = schema.member("anyOf")) visit_any(*any, value, at, false, found);
  if (const JsonValue* one = schema.member("oneOf")) visit_any(*one, value, at, true, found);
  const JsonValue* no = schema.member("not");
  if (no != nullptr && fits(*no, value)) {
    const std::string words = schema_in_words(resolved_schema(root_, *no));
    add(found, {at, words.empty() ? "must not fit what \"not\" says in the schema"
                                  : "must not be " + words + ", is " + value_in_words(value)});
  }
  const JsonValue* condition = schema.member("if");
  if (condition == nullptr) return;
  const JsonValue* then = schema.member(fits(*condition, value) ? "then" : "else");
  if (then != nullptr) visit(*then, value, at, found);
}

/// Where only one alternative is for values of that type, its faults are those of the value.
void Walk::visit_any(const JsonValue& choices, const JsonValue& value, const std::string& at,
                     bool only_one, ConfigFaults& found) {
  std::size_t fitting = 0;
  std::vector<const JsonValue*> of_type;
  for (const JsonValue& choice : choices.items) {
    if (fits(choice, value)) ++fitting;
    if (is_of_type(choice, value)) of_type.push_back(&choice);
  }
  if (fitting == 0 && of_type.size() == 1) return visit(*of_type.front(), value, at, found);
  if (fitting == 0 && of_type.empty()) {
    add(found, {at, "must be " + alternatives_in_words(root_, choices, " or ") + ", is " +
                        value_in_words(value)});
  } else if (fitting == 0) {
    add(found, {at, "must fit one of: " + alternatives_in_words(root_, choices, ", ")});
  } else if (only_one && fitting > 1) {
    add(found, {at, "must fit only one of: " + alternatives_in_words(root_, choices, ", ") +
                        "; it fits " + std::to_string(fitting)});
  }
}

}  // namespace

std::string ConfigFault::text() const {
  if (!pointer.empty()) return pointer_in_words(pointer) + ": " + reason;
  return std::string("the configuration") + (reason.starts_with("must ") ? " " : ": ") + reason;
}

std::vector<ConfigFault> config_faults(const JsonValue& schema, const JsonValue& config) {
  const auto judged = library_fault(schema, config);
  if (judged && judged->is_unknown) return {{judged->pointer, judged->text}};
  if (!has_plain_numbers(config)) {
    const int values = count_values(config, kMostValuesJudged);
    Walk judge(schema, nullptr, kMostStepsOfJudge + kStepsOfValue * values);
    auto faults = judge.faults(schema, config, {});
    if (judge.steps_left() > 0) return faults;
    return {{.pointer = {}, .reason = "has numbers that cost too much to judge by its schema"}};
  }
  if (!judged) return {};
  auto faults = Walk(schema, nullptr).faults(schema, config, {});
  if (faults.empty()) faults.push_back({judged->pointer, judged->text});
  return faults;
}

std::vector<ConfigFault> faults_by_part(const JsonValue& root, const JsonValue& part,
                                        const JsonValue& value, int& steps_left) {
  Walk walk(root, nullptr, steps_left);
  auto faults = walk.faults(part, value, {});
  steps_left = walk.steps_left();
  return faults;
}

bool fits_schema(const JsonValue& root, const JsonValue& schema, const JsonValue& value,
                 int& steps_left) {
  const int before = std::min(steps_left, kMostSteps);
  int after = before;
  const bool fits = faults_by_part(root, schema, value, after).empty();
  steps_left -= before - after;
  return fits;
}

std::vector<ConfigFault> certain_config_faults(const JsonValue& schema, const JsonValue& config,
                                               IsOpen is_open) {
  const auto judged = library_fault(schema, config);
  if (judged && judged->is_unknown) return {{judged->pointer, judged->text}};
  if (!judged && has_plain_numbers(config)) return {};
  return Walk(schema, is_open).faults(schema, config, {});
}

}  // namespace ostler::plugin_host
