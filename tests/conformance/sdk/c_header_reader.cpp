// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <regex>
#include <sstream>

#include "conformance/sdk/header_reader.hpp"

namespace ostler::sdk {
namespace {

constexpr const char* kTerms =
    R"( *\[((?:any|main|cancel)-thread[^\]]*|the calling thread[^\]]*)\])";

/// A function that a struct points to, and the comment before it.
constexpr const char* kMember =
    R"((?:\n  /\*((?:[^*]|\*(?!/))*)\*/)?\n  ((?:const )?\w+ \**\(\*(\w+)\)\([^;]*;))";

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \n");
  return begin == text.npos ? "" : text.substr(begin, text.find_last_not_of(" \n") - begin + 1);
}

/// Of "/* ... */": its lines without marks.
std::string plain_comment(const std::string& comment) {
  std::istringstream lines(comment.substr(2, comment.size() - 4));
  std::string plain;
  for (std::string line; std::getline(lines, line);) {
    line = std::regex_replace(line, std::regex("^ *\\* ?"), "");
    while (line.ends_with(' ')) line.pop_back();
    plain += line + "\n";
  }
  return trimmed(plain);
}

/// Takes the terms out of a comment.
Terms take_terms(std::string& comment) {
  std::smatch found;
  if (!std::regex_search(comment, found, std::regex(kTerms))) return {};
  std::string text = std::regex_replace(found[1].str(), std::regex("\\s+"), " ");
  comment = trimmed(found.prefix().str() + found.suffix().str());
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, '|');) parts.push_back(trimmed(part));
  parts.resize(3);
  return {parts[0], parts[1], parts[2]};
}

/// Reads declarations one after the other.
class CReader {
 public:
  CReader(Header& header, const std::string& text) : header_(header), text_(text) {}

  void read() {
    while (skip_blanks(), at_ < text_.size()) {
      if (text_.compare(at_, 2, "/*") == 0) {
        take_comment();
      } else if (text_[at_] == '#') {
        take_line();
      } else {
        take_declaration();
      }
    }
  }

 private:
  void skip_blanks() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
    const auto lines = std::count(text_.begin() + static_cast<std::ptrdiff_t>(begin),
                                  text_.begin() + static_cast<std::ptrdiff_t>(at_), '\n');
    if (lines > 1) end_section();
  }

  /// A comment that nothing follows is about the file.
  void end_section() {
    if (!comment_.empty() && header_.about.empty() && comment_.find("SPDX") == comment_.npos) {
      header_.about = comment_;
    }
    comment_.clear();
  }

  void take_comment() {
    if (!comment_.empty()) end_section();
    const std::size_t end = text_.find("*/", at_) + 2;
    comment_ = plain_comment(text_.substr(at_, end - at_));
    at_ = end;
  }

  void take_line() {
    std::size_t end = text_.find('\n', at_);
    while (text_[end - 1] == '\\') end = text_.find('\n', end + 1);
    const std::string line = text_.substr(at_, end - at_);
    at_ = end;
    std::smatch found;
    if (std::regex_search(line, found, std::regex("#define OSTLER_\\w+_ID \"(.*)\""))) {
      section_ = take_terms(comment_).or_else(header_.terms);
      header_.items.push_back({Item::Kind::Section, found[1], comment_, "", section_});
      comment_.clear();
    } else if (line.starts_with("#ifndef OSTLER_") || line.starts_with("#define OSTLER_EXPORT")) {
      take_about();
    } else if (std::regex_search(line, found, std::regex("#define (OSTLER_\\w+)\\("))) {
      header_.items.push_back({Item::Kind::Type, found[1], comment_, line, {}});
      comment_.clear();
    }
  }

  void take_about() {
    if (header_.about.empty()) {
      const bool has_terms = std::regex_search(comment_, std::regex(R"(\[any-thread &[^\]]*\|)"));
      if (has_terms) header_.terms = take_terms(comment_).or_else(header_.terms);
      header_.about = comment_;
      section_ = header_.terms;
    }
    comment_.clear();
  }

  /// As far as its ";", or the "}" of its body.
  void take_declaration() {
    const std::size_t begin = at_;
    int depth = 0;
    for (; at_ < text_.size(); ++at_) {
      if (text_.compare(at_, 2, "/*") == 0) at_ = text_.find("*/", at_) + 1;
      const char c = text_[at_];
      if (c == '{') ++depth;
      if (c == '}' && --depth == 0 && is_function(begin)) break;
      if (c == ';' && depth == 0) break;
    }
    ++at_;
    const std::string code = text_.substr(begin, at_ - begin);
    if (code.starts_with("extern")) {
      at_ = text_.find('\n', begin);
    } else if (code.starts_with("static inline")) {
      add_function(code);
    } else {
      add_type(code);
    }
    comment_.clear();
  }

  bool is_function(std::size_t begin) const { return text_.compare(begin, 6, "static") == 0; }

  /// One that nobody describes is for the header itself.
  void add_function(const std::string& code) {
    if (comment_.empty()) return;
    std::string signature = code.substr(0, code.find(") {") + 1);
    signature = std::regex_replace(signature, std::regex("static inline "), "");
    std::smatch name;
    std::regex_search(signature, name, std::regex("(ostler_\\w+)\\("));
    const Terms terms = take_terms(comment_).or_else(section_);
    header_.items.push_back(
        {Item::Kind::Function, name[1], comment_, unindented(signature) + ";", terms});
  }

  static std::string unindented(const std::string& signature) {
    return std::regex_replace(signature, std::regex("\\n +"), "\n    ");
  }

  void add_type(const std::string& code) {
    std::smatch name;
    const bool is_struct = std::regex_search(code, name, std::regex("\\}\\s*(ostler_\\w+)_t;"));
    if (!is_struct && !std::regex_search(code, name, std::regex("(ostler_\\w+?)(_t)?;"))) {
      if (!header_.items.empty() && code.starts_with("enum"))
        header_.items.back().code += "\n" + code;
      return;
    }
    const Terms terms = take_terms(comment_).or_else(section_);
    // What is said of a function stands with it.
    const std::string bare = std::regex_replace(code, std::regex(kMember), "\n  $2");
    header_.items.push_back({Item::Kind::Type, name[1], comment_, bare, {}});
    if (is_struct) add_members(name[1], code, terms);
  }

  /// The functions that a struct points to.
  void add_members(const std::string& table, const std::string& code, const Terms& terms) {
    static const std::regex member(kMember);
    for (std::sregex_iterator it(code.begin(), code.end(), member), end; it != end; ++it) {
      std::string comment = (*it)[1].matched ? plain_comment("/*" + (*it)[1].str() + "*/") : "";
      const Terms own = take_terms(comment).or_else(terms);
      header_.items.push_back(
          {Item::Kind::Function, table + "." + (*it)[3].str(), comment, unindented((*it)[2]), own});
    }
  }

  Header& header_;
  const std::string& text_;
  std::size_t at_ = 0;
  std::string comment_;
  Terms section_ = header_.terms;
};

}  // namespace

Terms Terms::or_else(const Terms& those) const {
  return {thread.empty() ? those.thread : thread, blocking.empty() ? those.blocking : blocking,
          cancel.empty() ? those.cancel : cancel};
}

Header read_c_header(const std::string& name, const std::string& text, const Terms& general) {
  Header header{.name = name, .about = "", .terms = general};
  CReader(header, text).read();
  return header;
}

}  // namespace ostler::sdk
