// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/schema_library.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <exception>
#include <new>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "plugin_host/property_names.hpp"
#include "plugin_host/schema_bounds.hpp"

// Schemas come from strangers. The library follows them as deep as they go, tries each of their
// alternatives, and searches by backtracking, on the stack: it is given bounds here.
namespace ostler::plugin_host {
namespace {

constexpr std::size_t kLongestTimeText = 64;  ///< of any form that a format knows
constexpr std::int64_t kStepsOfFormat = 16;   ///< the library reads a regex each time
constexpr std::size_t kMostFaultsKept = 1'000;

/// There are enough faults: the value is not valid whatever else is wrong with it.
struct EnoughFaults {};

/// The library hands its visitors nothing of its caller's.
thread_local Bounds* bounds = nullptr;
/// What stands here is wrong with the whole value, not with an alternative for a part of it.
thread_local const valijson::ValidationResults* faults_of_all = nullptr;

class BoundScope {
 public:
  BoundScope() { bounds = &own_; }
  ~BoundScope() {
    bounds = nullptr;
    faults_of_all = nullptr;
  }
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
using ostler::plugin_host::EnoughFaults;
using ostler::plugin_host::faults_of_all;
using ostler::plugin_host::kMostFaultsKept;
using BoundedVisitor = ValidationVisitor<BoundedAdapter>;
/// Judges what needs no bounds, or has been paid for.
using LibraryVisitor = ValidationVisitor<adapters::NlohmannJsonAdapter>;

template <>
bool BoundedVisitor::validateSchema(const Subschema& schema) {
  bounds->check_depth();
  bounds->pay(1);
  bounds->pay_for_place(m_context);
  if (m_results != nullptr && m_results->numErrors() >= kMostFaultsKept) {
    if (m_results == faults_of_all) throw EnoughFaults();
    m_results = nullptr;
  }
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
template <class Text>
bool BoundedVisitor::ValidatePropertySubschemas::operator()(const Text& name,
                                                            const Subschema* schema) const {
  bounds->pay_for_name();
  const std::string key(name.c_str());
  const auto member = m_object.find(key);
  if (member == m_object.end()) return true;
  m_propertiesMatched->insert(key);
  std::vector<std::string> context = m_context;
  context.push_back("[" + key + "]");
  BoundedVisitor visitor(member->second, context, m_strictTypes, m_results, m_regexesCache);
  if (visitor.validateSchema(*schema)) return true;
  *m_validated = false;
  return m_results != nullptr;
}

template <>
bool BoundedVisitor::visit(const RequiredConstraint& constraint) {
  if (!m_target.isObject()) return true;
  const auto object = m_target.asObject();
  bool is_complete = true;
  constraint.applyToRequiredProperties([&](const auto& name) {
    bounds->pay_for_name();
    is_complete = object.find(name.c_str()) != object.end();
    if (!is_complete && m_results != nullptr) {
      m_results->pushError(m_context, std::string("Misses ") + name.c_str());
    }
    return is_complete;
  });
  return is_complete;
}

template <>
bool BoundedVisitor::visit(const DependenciesConstraint& constraint) {
  if (!m_target.isObject()) return true;
  const auto object = m_target.asObject();
  const auto has = [&](const auto& name) {
    bounds->pay_for_name();
    return object.find(name.c_str()) != object.end();
  };
  bool is_valid = true;
  constraint.applyToPropertyDependencies([&](const auto& name, const auto& needed) {
    is_valid = !has(name) || std::ranges::all_of(needed, has);
    if (!is_valid && m_results != nullptr) {
      m_results->pushError(m_context, std::string("Misses what goes with ") + name.c_str());
    }
    return is_valid;
  });
  if (!is_valid) return false;
  constraint.applyToSchemaDependencies([&](const auto& name, const Subschema* schema) {
    is_valid = !has(name) || validateSchema(*schema);
    return is_valid;
  });
  return is_valid;
}

/// The library cuts a fraction off first, which no number beyond 64 bits survives.
template <>
bool BoundedVisitor::visit(const MultipleOfIntConstraint& constraint) {
  if (!m_target.isDouble()) {
    return LibraryVisitor(m_target, m_context, m_strictTypes, m_results, m_regexesCache)
        .visit(constraint);
  }
  const auto divisor = static_cast<double>(constraint.getDivisor());
  if (std::fmod(m_target.asDouble(), divisor) == 0) return true;
  if (m_results != nullptr) m_results->pushError(m_context, "Is no multiple");
  return false;
}

template <>
bool BoundedVisitor::visit(const MaxLengthConstraint& constraint) {
  if (!m_target.isString()) return true;
  bounds->pay_for_text(m_target.asString().size());
  return LibraryVisitor(m_target, m_context, m_strictTypes, m_results, m_regexesCache)
      .visit(constraint);
}

template <>
bool BoundedVisitor::visit(const MinLengthConstraint& constraint) {
  if (!m_target.isString()) return true;
  bounds->pay_for_text(m_target.asString().size());
  return LibraryVisitor(m_target, m_context, m_strictTypes, m_results, m_regexesCache)
      .visit(constraint);
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
  bounds->pay(ostler::plugin_host::kStepsOfFormat);
  if (m_target.asString().size() > ostler::plugin_host::kLongestTimeText) {
    if (m_results != nullptr) m_results->pushError(m_context, "String should be a valid " + format);
    return false;
  }
  return LibraryVisitor(m_target, m_context, m_strictTypes, m_results, m_regexesCache)
      .visit(constraint);
}

template <>
bool BoundedVisitor::visit(const EnumConstraint& constraint) {
  bool is_one = false;
  constraint.applyToValues([&](const auto& value) {
    bounds->pay_for_compared(1);
    is_one = value.equalTo(m_target, m_strictTypes);
    return !is_one;
  });
  if (!is_one && m_results != nullptr) m_results->pushError(m_context, "Is none of the enum");
  return is_one;
}

template <>
bool BoundedVisitor::visit(const UniqueItemsConstraint&) {
  if (!m_target.isArray()) return true;
  const auto items = m_target.asArray();
  const auto row = static_cast<std::int64_t>(items.size());
  for (auto one = items.begin(); one != items.end(); ++one) {
    bounds->pay(1);
    bounds->pay_for_compared(row);
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
  } catch (const std::bad_alloc&) {  // no fault of the schema
    throw;
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
  faults_of_all = &results;
  try {
    const nlohmann::json document = to_nlohmann(value);
    const BoundedAdapter adapter{JsonAdapter(document)};
    if (validator.validate(parsed, adapter, &results)) return std::nullopt;
  } catch (const EnoughFaults&) {
    return deepest_fault(results);
  } catch (const OutOfBounds& fault) {
    return LibraryFault{{}, fault.what(), true};
  } catch (const nlohmann::json::exception&) {
    return LibraryFault{{}, "has a number beyond all bounds", true};
  } catch (const std::bad_alloc&) {  // no fault of the schema
    throw;
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
