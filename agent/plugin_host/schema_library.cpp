// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/schema_library.hpp"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <unordered_map>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "pipeline/condition_regex.hpp"
#include "plugin_host/property_names.hpp"

// Schemas come from strangers. The library follows them as deep as they go, tries each of their
// alternatives, and searches by backtracking, on the stack: it is given bounds here.
namespace ostler::plugin_host {
namespace {

/// Of the stack, a quarter of what a thread usually has.
constexpr std::size_t kMostStack = 2 << 20;
/// Schemas that values are held against, and what costs about as much: half a second.
constexpr std::int64_t kMostJudgingSteps = 200'000;
constexpr std::int64_t kStepsOfRegex = 100;  ///< to read one
constexpr std::int64_t kComparisonsOfStep = 16;
constexpr std::int64_t kRegexWorkOfStep = 4096;  ///< bytes of a text times instructions
constexpr std::size_t kMostRegexes = 100;        ///< kept
constexpr std::size_t kLongestTimeText = 64;     ///< of any form that a format knows

/// Nothing is wrong with a value as far as is known.
struct OutOfBounds : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Bounds one use of the library. What it throws goes through the library to its caller here.
class Bounds {
 public:
  Bounds() : bottom_(here()) {}

  void check_depth() const {
    const auto top = here();
    if (std::max(top, bottom_) - std::min(top, bottom_) < kMostStack) return;
    throw OutOfBounds("too many schemas lead to each other");
  }
  void pay(std::int64_t steps) {
    steps_left_ -= steps;
    if (steps_left_ < 0) throw OutOfBounds("takes too long to judge by its schema");
  }
  bool is_found(const std::string& pattern, const std::string& text) {
    const auto& regex = read(pattern);
    std::int64_t work_left = std::numeric_limits<std::int64_t>::max();
    const auto found = pipeline::matches(text, *regex, work_left);
    pay(1 + (std::numeric_limits<std::int64_t>::max() - work_left) / kRegexWorkOfStep);
    if (!found) throw OutOfBounds(found.error().message());
    return found.value();
  }

 private:
  static std::uintptr_t here() {
    return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  }

  const pipeline::ConditionRegex& read(const std::string& pattern) {
    const auto known = regexes_.find(pattern);
    if (known != regexes_.end()) return known->second;
    pay(kStepsOfRegex);
    auto regex = pipeline::compile_condition_regex(pattern, false);
    if (!regex) throw std::runtime_error(regex.error().message());
    if (regexes_.size() == kMostRegexes) regexes_.clear();
    return regexes_.emplace(pattern, std::move(regex).value()).first->second;
  }

  const std::uintptr_t bottom_;
  std::int64_t steps_left_ = kMostJudgingSteps;
  std::unordered_map<std::string, pipeline::ConditionRegex> regexes_;
};

/// The library hands its visitors nothing of its caller's.
thread_local Bounds* bounds = nullptr;

class BoundScope {
 public:
  BoundScope() { bounds = &own_; }
  ~BoundScope() { bounds = nullptr; }
  BoundScope(const BoundScope&) = delete;
  BoundScope& operator=(const BoundScope&) = delete;

 private:
  Bounds own_;
};

using JsonAdapter = valijson::adapters::NlohmannJsonAdapter;

/// Names the visitors below, which differ from those of the library.
struct BoundedAdapter : JsonAdapter {
  BoundedAdapter(const JsonAdapter& adapter) : JsonAdapter(adapter) {}  // as the library converts
};

/// Parts are read within each other wherever one refers to another for the first time.
class BoundedParser : public valijson::SchemaParser {
  using Uri = opt::optional<std::string>;
  Uri resolveDocumentUri(const Uri& scope, const Uri& document) override {
    bounds->check_depth();
    return document ? document : scope;
  }
};

}  // namespace
}  // namespace ostler::plugin_host

namespace valijson {

using ostler::plugin_host::BoundedAdapter;
using ostler::plugin_host::bounds;
using BoundedVisitor = ValidationVisitor<BoundedAdapter>;

template <>
bool BoundedVisitor::validateSchema(const Subschema& schema) {
  bounds->check_depth();
  bounds->pay(1);
  if (schema.getAlwaysInvalid()) return false;
  Subschema::ApplyFunction hold = [this](const constraints::Constraint& constraint) {
    return constraint.accept(*this);
  };
  return m_results == nullptr ? schema.applyStrict(hold) : schema.apply(hold);
}

template <>
bool BoundedVisitor::visit(const PatternConstraint& constraint) {
  if (!m_target.isString()) return true;
  const auto pattern = constraint.getPattern<std::allocator<char>>();
  if (bounds->is_found(pattern, m_target.asString())) return true;
  if (m_results != nullptr) m_results->pushError(m_context, "Does not match " + pattern);
  return false;
}

template <>
template <class Text>
bool BoundedVisitor::ValidatePatternPropertySubschemas::operator()(const Text& pattern,
                                                                   const Subschema* schema) const {
  for (const auto& [name, value] : m_object) {
    if (!bounds->is_found(std::string(pattern.c_str()), name)) continue;
    m_propertiesMatched->insert(name);
    std::vector<std::string> context = m_context;
    context.push_back("[" + name + "]");
    BoundedVisitor visitor(value, context, m_strictTypes, m_results, m_regexesCache);
    if (visitor.validateSchema(*schema)) continue;
    *m_validated = false;
    if (m_results == nullptr) return false;
  }
  return true;
}

template <>
bool BoundedVisitor::visit(const PropertyNamesConstraint& constraint) {
  if (!m_target.isObject()) return true;
  for (const auto& [name, value] : m_target.asObject()) {
    const nlohmann::json text = name;
    BoundedVisitor visitor(adapters::NlohmannJsonAdapter(text), m_context, m_strictTypes, nullptr,
                           m_regexesCache);
    if (!visitor.validateSchema(*constraint.getSubschema())) return false;
  }
  return true;
}

template <>
bool BoundedVisitor::visit(const FormatConstraint& constraint) {
  if (!m_target.isString()) return true;
  const std::string format = constraint.getFormat();
  const bool is_of_time = format == "date" || format == "time" || format == "date-time";
  if (!is_of_time) return true;
  if (m_target.asString().size() > ostler::plugin_host::kLongestTimeText) {
    if (m_results != nullptr) m_results->pushError(m_context, "String should be a valid " + format);
    return false;
  }
  ValidationVisitor<adapters::NlohmannJsonAdapter> short_text(m_target, m_context, m_strictTypes,
                                                              m_results, m_regexesCache);
  return short_text.visit(constraint);
}

template <>
bool BoundedVisitor::visit(const EnumConstraint& constraint) {
  std::int64_t compared = 0;
  bool is_one = false;
  constraint.applyToValues([&](const auto& value) {
    ++compared;
    is_one = value.equalTo(m_target, m_strictTypes);
    return !is_one;
  });
  bounds->pay(compared / ostler::plugin_host::kComparisonsOfStep);
  if (!is_one && m_results != nullptr) m_results->pushError(m_context, "Is none of the enum");
  return is_one;
}

template <>
bool BoundedVisitor::visit(const UniqueItemsConstraint&) {
  if (!m_target.isArray()) return true;
  const auto items = m_target.asArray();
  const auto row = static_cast<std::int64_t>(items.size());
  for (auto one = items.begin(); one != items.end(); ++one) {
    bounds->pay(1 + row / ostler::plugin_host::kComparisonsOfStep);
    auto other = one;
    for (++other; other != items.end(); ++other) {
      if (!one->equalTo(*other, true)) continue;
      if (m_results != nullptr) m_results->pushError(m_context, "Has an item twice");
      return false;
    }
  }
  return true;
}

}  // namespace valijson

namespace ostler::plugin_host {
namespace {

nlohmann::json to_nlohmann(const JsonValue& value) {
  return nlohmann::json::parse(canonical_json(value));
}

Result<void> parse_schema(const JsonValue& schema, valijson::Schema& into) {
  BoundedParser parser;
  try {
    const nlohmann::json document = to_nlohmann(with_property_names_apart(schema));
    const JsonAdapter adapter(document);
    parser.populateSchema(adapter, into);
  } catch (const std::exception& fault) {
    return Error(Errc::UserFault, fault.what());
  }
  return success();
}

/// `["<root>", "[server]", "[0]"]` as the library says it, as a pointer.
std::string pointer_of(const std::vector<std::string>& context) {
  std::string pointer;
  for (const std::string& part : context) {
    if (part.size() < 2 || part.front() != '[') continue;
    std::string name = part.substr(1, part.size() - 2);
    if (name.size() >= 2 && name.front() == '"') name = name.substr(1, name.size() - 2);
    pointer += "/" + pointer_part(name);
  }
  return pointer;
}

/// The fault that lies deepest: those above only say that something below them is wrong.
LibraryFault deepest_fault(valijson::ValidationResults& results) {
  valijson::ValidationResults::Error error;
  LibraryFault fault{.pointer = {}, .text = "not valid"};
  std::size_t depth = 0;
  while (results.popError(error)) {
    if (depth > 0 && error.context.size() <= depth) continue;
    depth = error.context.size();
    fault = {pointer_of(error.context), error.description};
  }
  std::ranges::replace(fault.text, '\n', ' ');
  return fault;
}

}  // namespace

Result<void> try_schema(const JsonValue& schema) {
  const BoundScope bound;
  valijson::Schema parsed;
  return parse_schema(schema, parsed);
}

std::optional<LibraryFault> library_fault(const JsonValue& schema, const JsonValue& value) {
  const BoundScope bound;
  valijson::Schema parsed;
  const auto taken = parse_schema(schema, parsed);
  if (!taken) return LibraryFault{{}, taken.error().message()};
  valijson::Validator validator;
  valijson::ValidationResults results;
  try {
    const nlohmann::json document = to_nlohmann(value);
    const BoundedAdapter adapter{JsonAdapter(document)};
    if (validator.validate(parsed, adapter, &results)) return std::nullopt;
  } catch (const OutOfBounds& fault) {
    return LibraryFault{{}, fault.what(), true};
  } catch (const nlohmann::json::exception&) {
    return LibraryFault{{}, "has a number beyond all bounds", true};
  } catch (const std::exception& fault) {
    return LibraryFault{{}, fault.what()};
  }
  return deepest_fault(results);
}

const JsonValue& resolved_schema(const JsonValue& root, const JsonValue& schema) {
  constexpr int kMostReferences = 64;  // they may form a circle
  const JsonValue* meant = &schema;
  for (int i = 0; i < kMostReferences; ++i) {
    const JsonValue* reference = meant->member("$ref");
    if (reference == nullptr || !reference->text.starts_with("#")) return *meant;
    const auto found = at_pointer(root, std::string_view(reference->text).substr(1));
    if (!found) return *meant;
    meant = found.value();
  }
  return *meant;
}

}  // namespace ostler::plugin_host
