// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/http_exchange.hpp"
#include "plugin_host/step_services.hpp"

namespace ostler::cli {

/// Notes the requests of a plugin and what servers answer, as a case then has them. What a record
/// should not hold stays out: values of secrets, and headers by which servers and their clients
/// know each other. Runs on: one thread.
class HttpRecorder {
 public:
  /// A value that the plugin was given; the record has the name of the secret instead, also where
  /// it was written for a URL or for JSON.
  void hide(const std::string& name, const std::string& value);

  /// What is to be called in the place of `done`, with the answer of a server. This has to live
  /// then. `arguments`: of the plugin, before secrets are put into headers. `body_sha256`: of a
  /// body that is a file; else empty.
  plugin_host::CallDone record_send(const std::vector<std::string>& arguments,
                                    const std::string& body_sha256, plugin_host::CallDone done);
  plugin_host::CallDone record_read(const std::string& request, plugin_host::CallDone done);

  /// In the order of the requests. One that was broken off is not among them.
  /// Errors: UserFault when they are longer than a record may be.
  Result<std::vector<HttpExchange>> exchanges() const;

 private:
  /// A value that is a part of another one comes after it.
  struct Longer {
    bool operator()(const std::string& a, const std::string& b) const {
      return a.size() != b.size() ? a.size() > b.size() : a < b;
    }
  };
  struct Sent {
    HttpExchange exchange;
    bool is_answered = false;
  };

  void take_head(Sent& sent, std::size_t number, const Result<std::string>& found);
  void take_piece(const std::string& request, const Result<std::string>& found);
  std::string hidden(std::string text) const;
  HttpExchange hidden(HttpExchange exchange) const;

  std::vector<Sent> sent_ = {};
  std::map<std::string, std::size_t> open_ = {};  ///< name of a request to its place in sent_
  std::map<std::string, std::string, Longer> hidden_ = {};  ///< forms of secrets to their names
  std::size_t size_ = 0;                                    ///< bytes of bodies
};

}  // namespace ostler::cli
