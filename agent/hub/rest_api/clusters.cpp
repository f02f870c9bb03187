// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/paging.hpp"
#include "hub/rest_api/responses.hpp"
#include "wire/rest_account.hpp"

namespace ostler::rest_api {
namespace {

struct Fleet {
  model::Organization organization;
  std::vector<store::Queue> queues;
};

Lookup<Fleet> find_fleet(const Backend& backend, const Call& call) {
  OSTLER_CO_TRY(model::Organization organization, co_await find_organization(backend, call));
  OSTLER_CO_TRY(auto queues, co_await backend.store.queues(organization.id));
  co_return Fleet{std::move(organization), std::move(queues)};
}

/// Each cluster has one default queue, which stands for it here.
std::string encode_cluster_of(const store::Queue& queue, const wire::RestUrls& urls) {
  return wire::encode_rest_cluster({.id = queue.cluster,
                                    .name = queue.cluster_name,
                                    .default_queue = queue.id,
                                    .created_at = queue.cluster_created_at},
                                   urls);
}

std::string encode_queue(const store::Queue& queue, const wire::RestUrls& urls) {
  return wire::encode_rest_queue(
      {.id = queue.id, .cluster = queue.cluster, .key = queue.key, .created_at = queue.created_at},
      urls);
}

/// The items of one numbered page of a list that is held whole.
std::vector<std::string> cut(const std::vector<std::string>& all, store::PageRequest page) {
  const auto size = static_cast<std::int64_t>(all.size());
  const std::int64_t begin = std::min(size, (page.number - 1) * page.size);
  const std::int64_t end = std::min(size, begin + page.size);
  return {all.begin() + begin, all.begin() + end};
}

net::ServerResponse list_part(const Call& call, const std::vector<std::string>& all,
                              store::PageRequest page) {
  const bool has_next = static_cast<std::int64_t>(all.size()) > page.number * page.size;
  return list(call, cut(all, page), page, has_next);
}

}  // namespace

Answer list_clusters(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto page, read_page(call.query, "clusters"));
  OSTLER_CO_TRY(const Fleet fleet, co_await find_fleet(backend, call));
  std::vector<std::string> items;
  for (const store::Queue& queue : fleet.queues) {
    if (queue.is_default) {
      items.push_back(encode_cluster_of(queue, urls_of(backend, fleet.organization)));
    }
  }
  co_return list_part(call, items, page);
}

Answer get_cluster(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const Fleet fleet, co_await find_fleet(backend, call));
  for (const store::Queue& queue : fleet.queues) {
    if (queue.is_default && queue.cluster.str() == call.parameter("cluster")) {
      co_return json(200, encode_cluster_of(queue, urls_of(backend, fleet.organization)));
    }
  }
  co_return not_found();
}

Answer list_queues(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto page, read_page(call.query, "queues"));
  OSTLER_CO_TRY(const Fleet fleet, co_await find_fleet(backend, call));
  std::vector<std::string> items;
  for (const store::Queue& queue : fleet.queues) {
    if (queue.cluster.str() == call.parameter("cluster")) {
      items.push_back(encode_queue(queue, urls_of(backend, fleet.organization)));
    }
  }
  if (items.empty()) co_return not_found();
  co_return list_part(call, items, page);
}

Answer get_queue(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const Fleet fleet, co_await find_fleet(backend, call));
  for (const store::Queue& queue : fleet.queues) {
    if (queue.cluster.str() == call.parameter("cluster") &&
        queue.id.str() == call.parameter("queue")) {
      co_return json(200, encode_queue(queue, urls_of(backend, fleet.organization)));
    }
  }
  co_return not_found();
}

}  // namespace ostler::rest_api
