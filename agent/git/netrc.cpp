// SPDX-License-Identifier: Apache-2.0
#include "git/netrc.hpp"

#include <algorithm>
#include <cctype>

#include "base/ascii.hpp"

namespace ostler::git {
namespace {

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

bool equals_without_case(std::string_view a, std::string_view b) {
  return lower_case(a) == lower_case(b);
}

class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) {}

  /// The next word; none at the end.
  std::optional<std::string> next() {
    for (;;) {
      while (!rest_.empty() && is_space(rest_[0])) rest_.remove_prefix(1);
      if (rest_.empty()) return std::nullopt;
      if (rest_[0] == '"') return quoted();
      if (rest_[0] != '#') return plain();
      rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
    }
  }

  /// A macro ends with an empty line.
  void skip_macro() {
    const std::size_t end = rest_.find("\n\n");
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end);
  }

 private:
  std::string plain() {
    const auto end = std::find_if(rest_.begin(), rest_.end(), is_space);
    const auto size = static_cast<std::size_t>(end - rest_.begin());
    std::string word(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return word;
  }

  std::string quoted() {
    std::string word;
    std::size_t at = 1;
    for (; at < rest_.size() && rest_[at] != '"'; ++at) {
      if (rest_[at] == '\\' && at + 1 < rest_.size()) ++at;
      word += rest_[at];
    }
    rest_.remove_prefix(std::min(at + 1, rest_.size()));
    return word;
  }

  std::string_view rest_;
};

struct Entry {
  std::optional<std::string> host;  ///< none: the default entry
  Login login;
};

bool fits(const Entry& entry, std::string_view host, std::string_view user) {
  return (!entry.host || equals_without_case(*entry.host, host)) &&
         (user.empty() || entry.login.user.empty() || entry.login.user == user) &&
         !entry.login.password.empty();
}

}  // namespace

std::optional<Login> find_in_netrc(std::string_view text, std::string_view host,
                                   std::string_view user) {
  Words words(text);
  std::optional<Entry> entry;
  while (auto word = words.next()) {
    if (*word == "machine" || *word == "default") {
      if (entry && fits(*entry, host, user)) break;
      entry.emplace();
      if (*word == "machine") entry->host = words.next().value_or("");
    } else if (*word == "macdef") {
      words.skip_macro();
    } else if (entry && *word == "login") {
      entry->login.user = words.next().value_or("");
    } else if (entry && *word == "password") {
      entry->login.password = Secret(words.next().value_or(""));
    } else if (*word == "account") {
      words.next();
    }
  }
  if (!entry || !fits(*entry, host, user)) return std::nullopt;
  if (entry->login.user.empty()) entry->login.user = user;
  return std::move(entry->login);
}

}  // namespace ostler::git
