// SPDX-License-Identifier: Apache-2.0
#include "report/xml_reader.hpp"

#include <expat.h>

#include <limits>
#include <memory>
#include <optional>
#include <string>

namespace ostler::report {
namespace {

constexpr int kDeepestElement = 100;

struct ParserEnd {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};
using Parser = std::unique_ptr<XML_ParserStruct, ParserEnd>;

/// What expat's callbacks share. Some come even after it was stopped.
class Reading {
 public:
  explicit Reading(XmlVisitor& visitor) : parser_(XML_ParserCreate(nullptr)), visitor_(visitor) {
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), begin, end);
    XML_SetCharacterDataHandler(parser_.get(), text);
    XML_SetEntityDeclHandler(parser_.get(), entity);
    XML_SetAttlistDeclHandler(parser_.get(), attribute);
  }

  Result<void> read(std::string_view document) {
    if (document.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
      return Error(Errc::UserFault, "it is longer than 2 GiB");
    }
    const auto status =
        XML_Parse(parser_.get(), document.data(), static_cast<int>(document.size()), XML_TRUE);
    if (fault_) return *fault_;
    if (status == XML_STATUS_OK) return success();
    return at_place(XML_ErrorString(XML_GetErrorCode(parser_.get())));
  }

 private:
  static Reading& of(void* self) { return *static_cast<Reading*>(self); }

  static void begin(void* self, const XML_Char* name, const XML_Char** attributes) {
    Reading& reading = of(self);
    if (reading.fault_) return;
    if (++reading.depth_ > kDeepestElement) {
      return reading.stop(reading.at_place("elements are in each other more than 100 deep"));
    }
    const auto taken = reading.visitor_.begin(name, XmlAttributes(attributes));
    if (!taken) reading.stop(taken.error());
  }
  static void end(void* self, const XML_Char* name) {
    Reading& reading = of(self);
    --reading.depth_;
    if (!reading.fault_) reading.visitor_.end(name);
  }
  static void text(void* self, const XML_Char* part, int size) {
    Reading& reading = of(self);
    if (!reading.fault_) reading.visitor_.text({part, static_cast<std::size_t>(size)});
  }
  /// Entities make a small text a huge one, and are in no report.
  static void entity(void* self, const XML_Char*, int, const XML_Char*, int, const XML_Char*,
                     const XML_Char*, const XML_Char*, const XML_Char*) {
    Reading& reading = of(self);
    reading.stop(reading.at_place("it declares entities, which are not read"));
  }

  /// Each is compared with all before it, and none is in a report.
  static void attribute(void* self, const XML_Char*, const XML_Char*, const XML_Char*,
                        const XML_Char*, int) {
    Reading& reading = of(self);
    reading.stop(reading.at_place("it declares attributes, which are not read"));
  }

  Error at_place(const std::string& what) const {
    return {Errc::UserFault,
            "line " + std::to_string(XML_GetCurrentLineNumber(parser_.get())) + ", column " +
                std::to_string(XML_GetCurrentColumnNumber(parser_.get()) + 1) + ": " + what};
  }
  void stop(Error fault) {
    if (!fault_) fault_ = std::move(fault);
    XML_StopParser(parser_.get(), XML_FALSE);
  }

  const Parser parser_;
  XmlVisitor& visitor_;
  std::optional<Error> fault_;
  int depth_ = 0;
};

}  // namespace

std::string_view XmlAttributes::operator[](std::string_view name) const {
  for (const char* const* pair = pairs_; *pair != nullptr; pair += 2) {
    if (pair[0] == name) return pair[1];
  }
  return {};
}

Result<void> read_xml(std::string_view text, XmlVisitor& visitor) {
  return Reading(visitor).read(text);
}

}  // namespace ostler::report
