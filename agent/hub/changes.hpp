// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/dispatch.hpp"
#include "hub/rest_api/call.hpp"
#include "hub/rest_api/event_feeds.hpp"
#include "hub/trigger_driver.hpp"
#include "hub/watch.hpp"
#include "store/follow_ups.hpp"

namespace ostler::hub {

/// Tells those who wait in this process what a committed write changed. Thread-safe.
class Changes final : public rest_api::ChangeListener {
 public:
  struct Watches {
    JobWatch& jobs;
    AgentWatch& agents;
    JobWatch& logs;
    rest_api::EventFeeds& events;
  };
  Changes(Dispatch& dispatch, TriggerDriver& triggers, Watches watches)
      : dispatch_(dispatch), triggers_(triggers), watches_(watches) {}

  void changed(const store::FollowUps& follow_ups) override {
    dispatch_.changed(follow_ups);
    triggers_.changed(follow_ups.triggers);
    watches_.jobs.changed(follow_ups.canceling);
    watches_.jobs.changed(follow_ups.finished);
    watches_.agents.changed(follow_ups.agents);
    watches_.logs.changed(follow_ups.logs);
    watches_.events.changed(follow_ups.builds);
  }

  /// A build has new events that are of none of its jobs.
  void told(BuildId build) { watches_.events.changed({build}); }
  /// A job has more of a log.
  void log_grew(JobId job) { watches_.logs.changed({job}); }

 private:
  Dispatch& dispatch_;
  TriggerDriver& triggers_;
  Watches watches_;
};

}  // namespace ostler::hub
