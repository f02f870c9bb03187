// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "hub/rest_api/call.hpp"
#include "wire/rest_job.hpp"
#include "wire/rest_urls.hpp"

// The objects that a path names. What is missing, malformed or of another organization is
// NotFound, with the text that the client is shown.
namespace ostler::rest_api {

template <class T>
using Lookup = boost::asio::awaitable<Result<T>>;

/// The caller's organization, which the path must name where it names one.
Lookup<model::Organization> find_organization(const Backend& backend, const Call& call);

/// The addresses of an organization's objects.
wire::RestUrls urls_of(const Backend& backend, const model::Organization& organization);

struct FoundCluster {
  model::Organization organization;
  model::Cluster cluster;
};
Lookup<FoundCluster> find_cluster(const Backend& backend, const Call& call);

struct FoundQueue {
  FoundCluster in;
  model::Queue queue;
};
Lookup<FoundQueue> find_queue(const Backend& backend, const Call& call);

struct FoundPipeline {
  model::Organization organization;
  model::Pipeline pipeline;
};
Lookup<FoundPipeline> find_pipeline(const Backend& backend, const Call& call);

struct FoundBuild {
  model::Organization organization;
  model::Pipeline pipeline;
  model::Build build;
};
/// By number; a build's id is understood too, and is what a path without a pipeline must have, or
/// its beginning (short_ids.hpp).
Lookup<FoundBuild> find_build(const Backend& backend, const Call& call);

struct FoundJob {
  FoundBuild in;
  model::Job job;
};
/// Beneath a build or an organization, whichever the path has.
Lookup<FoundJob> find_job(const Backend& backend, const Call& call);

/// A pipeline object with the summary of its steps.
Lookup<std::string> pipeline_json(const Backend& backend, const model::Pipeline& pipeline,
                                  const wire::RestUrls& urls);

/// Where the build is found, for what links to it. Lives as long as `found`.
wire::RestBuildAddress address_of(const FoundBuild& found);

}  // namespace ostler::rest_api
