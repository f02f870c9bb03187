// SPDX-License-Identifier: Apache-2.0
#include "markdown/markdown.hpp"

#include <md4c.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <vector>

#include "base/ascii.hpp"
#include "wire/html_text.hpp"

namespace ostler::markdown {
namespace {

constexpr unsigned kDialect = MD_FLAG_TABLES | MD_FLAG_TASKLISTS | MD_FLAG_STRIKETHROUGH |
                              MD_FLAG_PERMISSIVEAUTOLINKS | MD_FLAG_NOHTML;
/// Nobody reads deeper ones, and browsers get slow.
constexpr int kDeepestNesting = 32;
/// For each link of a paragraph the parser may pass all of its lines: so many are a tenth of a
/// second.
constexpr std::size_t kMostLinesPassed = 250'000'000;

std::string_view view_of(const MD_CHAR* text, MD_SIZE size) { return {text, size}; }

/// What stands between the marks, without escapes; entities as they were written, but for "&amp;".
std::string text_of(const MD_ATTRIBUTE& attribute) {
  std::string text;
  if (attribute.text == nullptr) return text;
  for (int i = 0; attribute.substr_offsets[i] < attribute.size; ++i) {
    const MD_OFFSET from = attribute.substr_offsets[i];
    const auto piece = view_of(attribute.text + from, attribute.substr_offsets[i + 1] - from);
    const bool is_ampersand = attribute.substr_types[i] == MD_TEXT_ENTITY && piece == "&amp;";
    text += is_ampersand ? "&" : piece;
  }
  return text;
}

bool is_scheme(std::string_view url, std::string_view scheme) {
  return url.size() > scheme.size() && lower_case(url.substr(0, scheme.size())) == scheme;
}

bool may_be_linked(std::string_view url) {
  constexpr std::array<std::string_view, 4> kSchemes = {"https://", "http://",
                                                        "mailto:", "artifact://"};
  const auto fits = [&](std::string_view scheme) { return is_scheme(url, scheme); };
  return url.starts_with('/') || url.starts_with('#') || std::ranges::any_of(kSchemes, fits);
}

struct Tags {
  std::string begin;
  std::string end;
};

/// Writes what the parser reads. A callback that returns anything but 0 ends the parser.
class Writer {
 public:
  explicit Writer(std::size_t limit) : limit_(limit) {}

  std::string take() { return std::move(html_); }

  int enter(MD_BLOCKTYPE type, void* detail) {
    if (nests(type) && ++depth_ > kDeepestNesting) return 0;
    return write(tags_of(type, detail).begin);
  }
  int leave(MD_BLOCKTYPE type, void* detail) {
    close_spans(0);
    if (nests(type) && depth_-- > kDeepestNesting) return 0;
    return write(tags_of(type, detail).end);
  }

  /// The parser does not always give both ends of a span, and links in links.
  int enter(MD_SPANTYPE type, void* detail) {
    if (type == MD_SPAN_IMG) return begin_image(*static_cast<MD_SPAN_IMG_DETAIL*>(detail));
    if (images_ > 0) return 0;
    Tags tags = tags_of(type, detail);
    if (type == MD_SPAN_A && place_of(MD_SPAN_A)) tags = {};
    spans_.push_back({type, std::move(tags.end)});
    return write(tags.begin);
  }
  int leave(MD_SPANTYPE type, void* detail) {
    if (type == MD_SPAN_IMG) return end_image(*static_cast<MD_SPAN_IMG_DETAIL*>(detail));
    if (images_ > 0) return 0;
    if (const auto place = place_of(type)) close_spans(*place);
    return write("");
  }

  int add(MD_TEXTTYPE type, std::string_view text) {
    switch (type) {
      case MD_TEXT_NULLCHAR: return write("\xEF\xBF\xBD");
      case MD_TEXT_BR: return write(images_ > 0 ? " " : "<br>\n");
      case MD_TEXT_SOFTBR: return write("\n");
      case MD_TEXT_ENTITY: return write(text);
      default: wire::append_html(html_, text); return write("");
    }
  }

 private:
  static bool nests(MD_BLOCKTYPE type) {
    return type == MD_BLOCK_QUOTE || type == MD_BLOCK_UL || type == MD_BLOCK_OL ||
           type == MD_BLOCK_LI;
  }

  int write(std::string_view text) {
    html_ += text;
    return html_.size() > limit_ ? 1 : 0;
  }

  std::optional<std::size_t> place_of(MD_SPANTYPE type) const {
    for (std::size_t i = spans_.size(); i > 0; --i) {
      if (spans_[i - 1].type == type) return i - 1;
    }
    return std::nullopt;
  }
  void close_spans(std::size_t from) {
    for (; spans_.size() > from; spans_.pop_back()) html_ += spans_.back().end;
  }

  static Tags tags_of(MD_BLOCKTYPE type, void* detail);
  static Tags tags_of(MD_SPANTYPE type, void* detail);

  /// An image in an image is a part of its words.
  int begin_image(const MD_SPAN_IMG_DETAIL& image) {
    if (images_++ > 0 || !may_be_linked(text_of(image.src))) return 0;
    return write("<img src=\"" + wire::html_of(text_of(image.src)) + "\" alt=\"");
  }
  int end_image(const MD_SPAN_IMG_DETAIL& image) {
    if (images_ == 0 || --images_ > 0 || !may_be_linked(text_of(image.src))) return 0;
    return write("\">");
  }

  struct Span {
    MD_SPANTYPE type;
    std::string end;
  };

  std::string html_;
  std::size_t limit_;
  std::vector<Span> spans_;  ///< that are open, the outermost first
  int depth_ = 0;            ///< of quotes, lists and their items
  int images_ = 0;           ///< whose words are being read
};

Tags item(const MD_BLOCK_LI_DETAIL& detail) {
  if (detail.is_task == 0) return {"<li>", "</li>\n"};
  const bool is_done = detail.task_mark == 'x' || detail.task_mark == 'X';
  return {std::string("<li><input type=\"checkbox\" disabled") + (is_done ? " checked> " : "> "),
          "</li>\n"};
}

Tags code_block(const MD_BLOCK_CODE_DETAIL& detail) {
  const std::string language = text_of(detail.lang);
  if (language.empty()) return {"<pre><code>", "</code></pre>\n"};
  return {"<pre><code class=\"language-" + wire::html_of(language) + "\">", "</code></pre>\n"};
}

Tags cell(const std::string& tag, const MD_BLOCK_TD_DETAIL& detail) {
  constexpr std::array<std::string_view, 4> kAlignments = {"", "left", "center", "right"};
  const auto alignment = std::string(kAlignments[static_cast<std::size_t>(detail.align)]);
  return {"<" + tag + (alignment.empty() ? "" : " align=\"" + alignment + "\"") + ">",
          "</" + tag + ">"};
}

Tags ordered_list(const MD_BLOCK_OL_DETAIL& detail) {
  const std::string start =
      detail.start == 1 ? "" : " start=\"" + std::to_string(detail.start) + '"';
  return {"<ol" + start + ">\n", "</ol>\n"};
}

Tags Writer::tags_of(MD_BLOCKTYPE type, void* detail) {
  const auto heading = [&] {
    return std::to_string(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
  };
  switch (type) {
    case MD_BLOCK_DOC:
    case MD_BLOCK_HTML: return {};
    case MD_BLOCK_QUOTE: return {"<blockquote>\n", "</blockquote>\n"};
    case MD_BLOCK_UL: return {"<ul>\n", "</ul>\n"};
    case MD_BLOCK_OL: return ordered_list(*static_cast<MD_BLOCK_OL_DETAIL*>(detail));
    case MD_BLOCK_LI: return item(*static_cast<MD_BLOCK_LI_DETAIL*>(detail));
    case MD_BLOCK_HR: return {"<hr>\n", ""};
    case MD_BLOCK_H: return {"<h" + heading() + ">", "</h" + heading() + ">\n"};
    case MD_BLOCK_CODE: return code_block(*static_cast<MD_BLOCK_CODE_DETAIL*>(detail));
    case MD_BLOCK_P: return {"<p>", "</p>\n"};
    case MD_BLOCK_TABLE: return {"<table>\n", "</table>\n"};
    case MD_BLOCK_THEAD: return {"<thead>\n", "</thead>\n"};
    case MD_BLOCK_TBODY: return {"<tbody>\n", "</tbody>\n"};
    case MD_BLOCK_TR: return {"<tr>", "</tr>\n"};
    case MD_BLOCK_TH: return cell("th", *static_cast<MD_BLOCK_TD_DETAIL*>(detail));
    case MD_BLOCK_TD: return cell("td", *static_cast<MD_BLOCK_TD_DETAIL*>(detail));
  }
  return {};
}

Tags Writer::tags_of(MD_SPANTYPE type, void* detail) {
  switch (type) {
    case MD_SPAN_EM: return {"<em>", "</em>"};
    case MD_SPAN_STRONG: return {"<strong>", "</strong>"};
    case MD_SPAN_CODE: return {"<code>", "</code>"};
    case MD_SPAN_DEL: return {"<del>", "</del>"};
    case MD_SPAN_A: {
      const std::string url = text_of(static_cast<MD_SPAN_A_DETAIL*>(detail)->href);
      if (!may_be_linked(url)) return {};
      return {"<a href=\"" + wire::html_of(url) + "\" rel=\"nofollow noopener\">", "</a>"};
    }
    default: return {};
  }
}

/// Whether no paragraph has so many lines and links that reading them takes long.
bool is_read_quickly(std::string_view text) {
  std::size_t lines = 0;
  std::size_t links = 0;
  std::size_t passed = 0;
  while (!text.empty() && passed <= kMostLinesPassed) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    text.remove_prefix(text.starts_with("\r\n") ? 2 : std::min<std::size_t>(1, text.size()));
    ++lines;
    links += static_cast<std::size_t>(std::ranges::count_if(
        line, [](char c) { return c == '[' || c == ':' || c == '@' || c == 'w'; }));
    const bool is_end = text.empty() || line.find_first_not_of(" \t") == line.npos;
    if (!is_end) continue;
    passed += lines * links;
    lines = links = 0;
  }
  return passed <= kMostLinesPassed;
}

Writer& writer(void* user) { return *static_cast<Writer*>(user); }

MD_PARSER parser() {
  MD_PARSER parser{};
  parser.flags = kDialect;
  parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* user) {
    return writer(user).enter(type, detail);
  };
  parser.leave_block = [](MD_BLOCKTYPE type, void* detail, void* user) {
    return writer(user).leave(type, detail);
  };
  parser.enter_span = [](MD_SPANTYPE type, void* detail, void* user) {
    return writer(user).enter(type, detail);
  };
  parser.leave_span = [](MD_SPANTYPE type, void* detail, void* user) {
    return writer(user).leave(type, detail);
  };
  parser.text = [](MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* user) {
    return writer(user).add(type, view_of(text, size));
  };
  return parser;
}

}  // namespace

std::string html_of(std::string_view text) {
  constexpr std::size_t kShort = 4096;
  constexpr std::size_t kLong = 128 << 10;
  Writer into(kShort + 8 * std::min(text.size(), kLong) + 2 * text.size());
  const MD_PARSER with = parser();
  const bool fits = text.size() <= std::numeric_limits<MD_SIZE>::max() && is_read_quickly(text);
  if (fits && ::md_parse(text.data(), static_cast<MD_SIZE>(text.size()), &with, &into) == 0) {
    return into.take();
  }
  return "<pre>" + wire::html_of(text) + "</pre>\n";
}

}  // namespace ostler::markdown
