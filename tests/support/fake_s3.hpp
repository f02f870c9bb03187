// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "support/scripted_server.hpp"

namespace ostler::support {

/// One bucket of S3 over real HTTP, by path: stores, serves, takes uploads in parts, tells its
/// region. It refuses what is not signed as Amazon documents it, by code of its own that shares
/// nothing with the program under test, and a body of another digest than was signed.
class FakeS3 {
 public:
  struct Object {
    std::string content;
    std::map<std::string, std::string> headers;  ///< of the request that described it
    int parts = 0;                               ///< 0: it came in one request
  };
  /// How the store behaves otherwise than it should. Counts go down with each use.
  struct Faults {
    int busy = 0;                  ///< 503 SlowDown
    int reset = 0;                 ///< the connection ends without an answer
    int cut_bodies = 0;            ///< half of what is served, then the end of the connection
    int failed_completes = 0;      ///< 200 with an InternalError inside
    int refuse_part = 0;           ///< this part is always refused with 403
    bool no_acls = false;          ///< ACLs are switched off
    std::string refuse_with = {};  ///< every object request: 403 with this code
  };

  FakeS3();

  std::string url() const { return server_.url(); }
  void set_faults(const Faults& faults);
  /// The only session token that is taken; empty: none may come.
  void want_token(const std::string& token);

  std::map<std::string, Object> objects();
  void put(const std::string& key, const std::string& content);
  /// Uploads in parts that were begun and neither completed nor taken back.
  std::size_t open_uploads();
  /// "METHOD target" of every request, in order.
  std::vector<std::string> calls();

  static constexpr const char* kBucket = "my-bucket";
  static constexpr const char* kRegion = "eu-west-1";
  static constexpr const char* kKey = "AKIAFAKEFAKEFAKE";
  static constexpr const char* kSecret = "fake/secret+key/that/nobody/may/see";

 private:
  struct Upload {
    std::string key;
    std::map<std::string, std::string> headers;
    std::map<int, std::string> parts;
  };
  struct State {
    Faults faults;
    std::string token;
    std::map<std::string, Object> objects;
    std::map<std::string, Upload> uploads;
    int last_upload = 0;
    std::vector<std::string> calls;
  };

  template <class Use>
  auto with(Use use) {
    const std::lock_guard lock(mutex_);
    return use(state_);
  }

  ServerAnswer answer(const ServerRequest& request);
  static ServerAnswer take(State& state, const ServerRequest& request, const std::string& key);
  static ServerAnswer serve(State& state, const std::string& key);
  static ServerAnswer upload(State& state, const ServerRequest& request, const std::string& key,
                             std::map<std::string, std::string> query);
  static ServerAnswer take_part(State& state, Upload& upload, int number, const std::string& body);
  static ServerAnswer complete(State& state, const std::string& id, const std::string& list);

  std::mutex mutex_;
  State state_;
  ScriptedServer server_;
};

}  // namespace ostler::support
