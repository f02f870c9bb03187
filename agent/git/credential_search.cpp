// SPDX-License-Identifier: Apache-2.0
#include "git/credential_search.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "base/base64.hpp"
#include "files/file.hpp"
#include "git/remote_url.hpp"

namespace ostler::git {
namespace {

constexpr std::size_t kLargestNetrc = 1u << 20;  // bytes

std::filesystem::path netrc_file() {
  if (const char* named = std::getenv("NETRC"); named != nullptr && *named != '\0') return named;
  const char* home = std::getenv("HOME");
  return home == nullptr ? std::filesystem::path() : std::filesystem::path(home) / ".netrc";
}

std::string without_port(const std::string& host) {
  const std::size_t colon = host.rfind(':');
  const bool has_port = colon != std::string::npos && host.find(']', colon) == std::string::npos;
  return has_port ? host.substr(0, colon) : host;
}

CredentialQuestion question_about(const std::string& url) {
  const std::string plain = without_credentials(url);
  const std::size_t host = std::min(plain.find("://"), plain.size() - 3) + 3;
  const std::size_t path = std::min(plain.find('/', host), plain.size());
  CredentialQuestion question;
  question.protocol = plain.substr(0, host - 3);
  question.host = percent_decoded(plain.substr(host, path - host));
  question.path = percent_decoded(std::string_view(plain).substr(std::min(path + 1, plain.size())));
  return question;
}

// A line end would be another question to a helper.
bool has_control_characters(const CredentialQuestion& question) {
  const std::string all = question.protocol + question.host + question.path + question.user;
  return std::any_of(all.begin(), all.end(), [](unsigned char c) { return std::iscntrl(c) != 0; });
}

}  // namespace

CredentialSearch::CredentialSearch(const std::string& url, Watcher& watcher)
    : question_(question_about(url)), host_(without_port(question_.host)), helper_(watcher) {
  const auto given = credentials_of(url);
  if (!given) return;
  const std::size_t colon = given->find(':');
  login_ = Login{given->substr(0, colon), Secret(given->substr(colon + 1))};
  question_.user = login_->user;
  complete_ = !login_->password.empty();
}

std::string CredentialSearch::authorization() const {
  return login_ ? "Basic " + base64(login_->user + ":" + login_->password.reveal()) : "";
}

void CredentialSearch::note(const std::string& text) {
  explanation_ += (explanation_.empty() ? "" : "; ") + text;
}

bool CredentialSearch::next() {
  if (place_ == Place::Address) {
    if (login_) note("those of the address are refused");
    if (complete_) return false;
    place_ = Place::Netrc;
    if (look_into_netrc()) return true;
  } else if (place_ == Place::Netrc) {
    note("those in " + netrc_file().string() + " are refused");
  }
  if (place_ == Place::Netrc) {
    place_ = Place::Helper;
    return ask_helper();
  }
  if (place_ == Place::Helper && login_) {
    note("those of git's credential helper are refused");
    helper_.reject(question_, *login_);
  }
  place_ = Place::Nowhere;
  return false;
}

bool CredentialSearch::look_into_netrc() {
  const std::filesystem::path file = netrc_file();
  const auto text = files::read_file(file, kLargestNetrc);
  if (!text && text.error().code() != Errc::NotFound) {
    note(text.error().message());
    return false;
  }
  login_ = text ? find_in_netrc(text.value(), host_, question_.user) : std::nullopt;
  if (!login_) note("none for " + host_ + " in " + file.string());
  return login_.has_value();
}

bool CredentialSearch::ask_helper() {
  login_.reset();
  if (has_control_characters(question_)) {
    note("the address has control characters");
    return false;
  }
  auto filled = helper_.fill(question_);
  if (!filled) {
    note(filled.error().message());
    return false;
  }
  login_ = std::move(filled).value();
  return true;
}

void CredentialSearch::accepted() const {
  if (place_ == Place::Helper && login_) helper_.approve(question_, *login_);
}

}  // namespace ostler::git
