// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/uuid.hpp"

namespace ostler::wire {

/// Text as one path segment or query part of a URL (RFC 3986: all but unreserved is escaped).
std::string percent_encode(std::string_view text);

/// The addresses of everything that REST objects link to, beneath the hub's public URL.
class RestUrls {
 public:
  /// `public_url` has no trailing slash: "https://ci.example.com"; `organization` is a slug.
  RestUrls(std::string public_url, std::string organization)
      : public_url_(std::move(public_url)), organization_(std::move(organization)) {}

  const std::string& public_url() const { return public_url_; }
  const std::string& organization_slug() const { return organization_; }

  std::string organization() const { return api({}); }
  std::string pipeline(std::string_view slug) const { return api({"pipelines", slug}); }
  std::string build(std::string_view pipeline, std::int64_t number) const;
  std::string job(std::string_view pipeline, std::int64_t build, JobId id) const;
  std::string artifact(std::string_view pipeline, std::int64_t build, JobId job,
                       ArtifactId id) const;
  std::string agent(AgentId id) const { return api({"agents", id.str()}); }
  std::string cluster(ClusterId id) const { return api({"clusters", id.str()}); }
  std::string queue(ClusterId cluster, QueueId id) const {
    return api({"clusters", cluster.str(), "queues", id.str()});
  }

  std::string web_organization() const { return web({}); }
  std::string web_pipeline(std::string_view slug) const { return web({slug}); }
  std::string web_build(std::string_view pipeline, std::int64_t number) const;
  std::string web_job(std::string_view pipeline, std::int64_t build, JobId id) const;
  std::string web_agent(AgentId id) const { return web({"agents", id.str()}); }
  std::string web_cluster(ClusterId id) const { return web({"clusters", id.str()}); }
  std::string web_queue(ClusterId cluster, QueueId id) const {
    return web({"clusters", cluster.str(), "queues", id.str()});
  }

 private:
  std::string api(std::initializer_list<std::string_view> segments) const;
  std::string web(std::initializer_list<std::string_view> segments) const;

  std::string public_url_;
  std::string organization_;
};

}  // namespace ostler::wire
