// SPDX-License-Identifier: Apache-2.0
#include "conversation.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "crypto/hex.hpp"
#include "support/store_house.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

using nlohmann::json;

constexpr std::string_view kEventually = "eventually ";
constexpr std::string_view kGzip = "gzip ";
constexpr std::string_view kRaw = "raw ";

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

/// The two sides of "LEFT OPERATOR RIGHT"; empty when the operator is not there.
std::pair<std::string, std::string> sides(const std::string& line, const std::string& operation) {
  const auto at = line.find(" " + operation + " ");
  if (at == std::string::npos) return {};
  return {line.substr(0, at), line.substr(at + operation.size() + 2)};
}

/// What stands in the file as what is sent.
std::string body_of(std::string text) {
  const bool is_compressed = text.starts_with(kGzip);
  const bool is_raw = text.starts_with(kRaw);
  if (!is_compressed && !is_raw) return text;
  text = text.substr(text.find(' ') + 1);
  text.pop_back();
  replace_all(text, "\\r", "\r");
  replace_all(text, "\\n", "\n");
  return is_compressed ? support::gzip(text) : text;
}

}  // namespace

std::string hex(std::string_view bytes) {
  return crypto::to_hex({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
}

void Conversation::replay(const std::filesystem::path& file) {
  const auto exchanges = read(file);
  shapes_ = JsonShapes::read(file.parent_path() / "shapes.txt");
  ASSERT_FALSE(exchanges.empty()) << file;
  for (const Exchange& exchange : exchanges) {
    SCOPED_TRACE(file.filename().string() + ": " + exchange.about);
    hold(exchange);
    if (testing::Test::HasFatalFailure()) return;
  }
}

std::vector<Conversation::Exchange> Conversation::read(const std::filesystem::path& file) {
  enum class Part { Nothing, Head, Body, Expectations } part = Part::Nothing;
  std::vector<Exchange> exchanges;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#')) continue;
    if (line.starts_with(">>> ")) {
      exchanges.push_back({.about = line.substr(4)});
      part = Part::Head;
    } else if (line.starts_with("<<< ")) {
      exchanges.back().status = std::stoi(line.substr(4));
      part = Part::Expectations;
    } else if (part == Part::Head && line.empty()) {
      part = Part::Body;
    } else if (part == Part::Head) {
      exchanges.back().head.push_back(line);
    } else if (part == Part::Body) {
      exchanges.back().body += line + "\n";
    } else if (!line.empty()) {
      exchanges.back().expectations.push_back(line);
    }
  }
  return exchanges;
}

void Conversation::hold(const Exchange& exchange) {
  const bool is_stream =
      !exchange.expectations.empty() && exchange.expectations.front().starts_with("chunk ");
  std::string answer;
  if (is_stream) {
    ASSERT_TRUE(connection_.send(request(exchange)));
    answer = connection_.read_head();
  } else {
    answer = answer_to(exchange);
  }
  ASSERT_EQ(support::status_in(answer), exchange.status) << answer;
  for (const std::string& expectation : exchange.expectations) check(expectation, answer);
  if (!is_stream) return;
  streams_.push_back(std::move(connection_));
  connection_ = support::RawConnection::to_port(port_);
}

/// Asks again until the answer has what is to come.
std::string Conversation::answer_to(const Exchange& exchange) {
  std::string answer;
  const auto asks = [&] {
    connection_.send(request(exchange));
    const bool has_body = !exchange.head.front().starts_with("HEAD ");
    answer = has_body ? connection_.read_answer() : connection_.read_head();
    if (exchange.expectations.empty() || !exchange.expectations.front().starts_with(kEventually)) {
      return true;
    }
    const json body = json::parse(support::body_in(answer), nullptr, false);
    const json::json_pointer place(exchange.expectations.front().substr(kEventually.size()));
    return !body.is_discarded() && body.contains(place);
  };
  support::wait_until(std::chrono::seconds(10), asks);
  return answer;
}

std::string Conversation::request(const Exchange& exchange) const {
  const std::string body = body_of(filled(exchange.body));
  std::string bytes;
  for (const std::string& line : exchange.head) {
    std::string head_line = filled(line);
    replace_all(head_line, "{length}", std::to_string(body.size()));
    bytes += head_line + "\r\n";
  }
  return bytes + "\r\n" + body;
}

void Conversation::check(const std::string& expectation, const std::string& answer) {
  if (expectation.starts_with(kEventually)) return;
  const std::string line = filled(expectation);
  if (line.starts_with("chunk ")) {
    EXPECT_EQ(hex(connection_.read_chunk()), line.substr(6));
    return;
  }
  if (line.starts_with("without ")) {
    EXPECT_EQ(answer.find("\r\n" + line.substr(8) + ": "), std::string::npos) << answer;
    return;
  }
  if (line.starts_with("body ")) {
    EXPECT_EQ(support::body_in(answer), json::parse(line.substr(5)).get<std::string>());
    return;
  }
  if (const auto [header, part] = sides(line, "~"); !header.empty()) {
    const auto at = answer.find("\r\n" + header + ": ");
    ASSERT_NE(at, std::string::npos) << "no " << header << " in " << answer;
    const std::string value = answer.substr(at, answer.find("\r\n", at + 2) - at);
    EXPECT_NE(value.find(part), std::string::npos) << value;
    return;
  }
  check_body(line, answer);
}

/// "[size] [/pointer] WORD rest", where WORD is one of `is`, `->`, `>=` and `=`.
void Conversation::check_body(const std::string& line, const std::string& answer) {
  const json body = json::parse(support::body_in(answer), nullptr, false);
  ASSERT_FALSE(body.is_discarded()) << line << " in " << answer;
  std::istringstream words(line);
  std::string word;
  std::string place;
  words >> word;
  const bool asks_for_size = word == "size";
  if (asks_for_size) words >> word;
  if (word.starts_with('/')) {
    place = word;
    words >> word;
  }
  const std::string rest(std::istreambuf_iterator<char>(words >> std::ws), {});
  ASSERT_TRUE(body.contains(json::json_pointer(place))) << place << " in " << answer;
  const json& value = body.at(json::json_pointer(place));
  if (word == "is") {
    EXPECT_EQ(shapes_.fault(rest, value), "") << line << " in " << answer;
  } else if (word == "->") {
    remember_value(rest, value.is_string() ? value.get<std::string>() : value.dump());
  } else if (word == ">=") {
    EXPECT_TRUE(value.is_number_integer() && value >= std::stoi(rest)) << line << ": " << value;
  } else {
    ASSERT_EQ(word, "=") << line;
    EXPECT_EQ(asks_for_size ? json(value.size()) : value, json::parse(rest)) << line;
  }
}

void Conversation::remember_value(const std::string& name, const std::string& value) {
  names_[name] = value;
  const auto host = value.find("://");
  if (host != std::string::npos) names_[name + "_PATH"] = value.substr(value.find('/', host + 3));
}

std::string Conversation::filled(std::string text) const {
  for (const auto& [name, value] : names_) replace_all(text, "{" + name + "}", value);
  return text;
}

}  // namespace ostler
