#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "core/net/transport.h"
#include "tests/support/temp_folder.h"

namespace avisloop {
namespace {

FileDrop drop_into(const std::string& directory, const std::string& name, const std::string& content) {
  FileDrop drop;
  drop.directory = directory;
  drop.name = name;
  drop.content = content;
  drop.log_name = "log.jsonl";
  drop.log_line = "{\"name\":\"" + name + "\"}";
  return drop;
}

std::size_t files_in(const std::string& directory) {
  const std::filesystem::directory_iterator entries(directory);
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

}  // namespace

TEST_CASE("Drops become files and log lines, in a folder that is made when it is missing") {
  const TempFolder folder;
  const std::string outbox = folder.file("a/b");
  const auto transport = make_transport(1);
  constexpr Ticket most = 300;
  for (Ticket i = 1; i <= most; ++i)
    transport->start(i, drop_into(outbox, fmt::format("m{}", i), fmt::format("text {}", i)));
  CHECK(transport->in_flight() == most);
  Ticket expected = 1;
  for (const auto& [ticket, result] : transport->poll(Micros{0})) {
    CHECK(ticket == expected++);
    CHECK(result.stage == WireStage::answered);
    CHECK(result.status == 201);
  }
  CHECK(expected == most + 1);
  CHECK(transport->in_flight() == 0);
  CHECK(read_file(outbox + "/m300") == "text 300");
  CHECK(files_in(outbox) == most + 1);  // nothing is left beside them
  const std::string log = read_file(outbox + "/log.jsonl");
  CHECK(std::count(log.begin(), log.end(), '\n') == most);
}

TEST_CASE("P1 never twice: a file that exists is never written over, and gets no second line in the log") {
  const TempFolder folder;
  const std::string outbox = folder.file("outbox");
  const auto transport = make_transport(1);
  CHECK(exchange(*transport, drop_into(outbox, "m1", "first")).status == 201);
  CHECK(exchange(*transport, drop_into(outbox, "m1", "second")).status == 200);
  transport->start(1, drop_into(outbox, "m2", "one"));
  transport->start(2, drop_into(outbox, "m2", "two"));
  const auto together = transport->poll(Micros{0});
  CHECK(together.at(0).second.status == 201);
  CHECK(together.at(1).second.status == 200);
  CHECK(read_file(outbox + "/m1") == "first");
  CHECK(read_file(outbox + "/m2") == "one");
  CHECK(read_file(outbox + "/log.jsonl") == "{\"name\":\"m1\"}\n{\"name\":\"m2\"}\n");
  CHECK(files_in(outbox) == 3);
}

TEST_CASE("A look tells whether a file is there, and makes nothing") {
  const TempFolder folder;
  const std::string outbox = folder.file("outbox");
  const auto transport = make_transport(1);
  FileDrop look = drop_into(outbox, "m1", "");
  look.look_only = true;
  CHECK(exchange(*transport, look).status == 404);
  CHECK_FALSE(std::filesystem::exists(outbox));
  exchange(*transport, drop_into(outbox, "m1", "text"));
  CHECK(exchange(*transport, look).status == 200);
}

TEST_CASE("A drop that cannot be written is not sent") {
  const TempFolder folder;
  const std::string file = folder.write("file", "in the way");
  const WireResult result = exchange(*make_transport(1), drop_into(file + "/outbox", "m1", "text"));
  CHECK(result.stage == WireStage::not_sent);
  CHECK(result.error.find("cannot be written") != std::string::npos);
}

TEST_CASE("A drop whose name the disk refuses is not sent and leaves nothing behind") {
  const TempFolder folder;
  const std::string outbox = folder.file("outbox");
  std::filesystem::create_directory(outbox);
  const WireResult result = exchange(*make_transport(1), drop_into(outbox, std::string(250, 'n'), "text"));
  CHECK(result.stage == WireStage::not_sent);
  CHECK(files_in(outbox) == 0);
}

}  // namespace avisloop
