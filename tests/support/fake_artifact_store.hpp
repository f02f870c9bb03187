// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "support/scripted_server.hpp"
#include "wire/agent_api_artifacts.hpp"

namespace ostler::support {

/// The artifact calls of the Agent API and a store, over real HTTP: declares, takes forms and
/// parts, keeps states, searches, serves. Small, but it works: what was uploaded can be downloaded.
class FakeArtifactStore {
 public:
  struct Stored {
    wire::Artifact artifact;
    std::string content;
    std::string state = "new";
    std::map<int, std::string> parts;
    std::vector<wire::PartEtag> etags;
    bool multipart = false;
  };
  /// How the store behaves otherwise than it should. Counts go down with each use.
  struct Faults {
    int refuse_creates = 0;                   ///< 503
    int refuse_uploads = 0;                   ///< 500
    int refuse_updates = 0;                   ///< 500
    bool no_etag = false;                     ///< parts are taken without an ETag
    bool lie_content = false;                 ///< downloads bring other bytes
    std::optional<ServerAnswer> served = {};  ///< what downloads bring instead
    int create_status = 0;                    ///< every create answers this
    std::string only_upload_fails = {};       ///< uploads of this path always answer 500
  };

  FakeArtifactStore();

  std::string endpoint() const { return server_.url() + "/v3"; }
  void set_faults(const Faults& faults);
  /// Files of at least so many bytes are asked for in so many parts.
  void split_from(std::size_t bytes, int parts);
  /// An artifact that a search finds, whatever it asks.
  void add(wire::Artifact artifact, const std::string& content);

  std::vector<Stored> stored();
  /// How many artifacts each create declared, repeats left out.
  std::vector<std::size_t> batches();
  /// "METHOD target" of every call, in order.
  std::vector<std::string> calls();
  std::string last_authorization();

 private:
  struct State {
    Faults faults;
    std::size_t split_bytes = SIZE_MAX;
    int split_parts = 1;
    std::vector<Stored> stored;
    std::map<std::string, std::string> answers;  // by batch id
    std::vector<std::size_t> batches;
    std::vector<std::string> calls;
    std::string authorization;
  };

  template <class Use>
  auto with(Use use) {
    const std::lock_guard lock(mutex_);
    return use(state_);
  }

  ServerAnswer answer(const ServerRequest& request);
  ServerReply create(State& state, const ServerRequest& request);
  ServerReply update(State& state, const ServerRequest& request);
  ServerReply take_form(State& state, const ServerRequest& request);
  ServerReply take_part(State& state, const ServerRequest& request);
  ServerReply search(State& state);
  ServerAnswer serve(State& state, const ServerRequest& request);

  std::mutex mutex_;
  State state_;
  ScriptedServer server_;
};

}  // namespace ostler::support
