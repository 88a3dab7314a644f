// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <csignal>
#include <ctime>
#include <io/folder.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace fs = std::filesystem;
namespace summary = tf::summary;
using io_test::folder;
using io_test::text_of;
using io_test::write;

namespace {
std::string bytes(std::initializer_list<int> list) {
  std::string out;
  for (int const b : list) out += static_cast<char>(b);
  return out;
}
std::vector<summary::event> events_of(std::string const& path) {
  std::vector<summary::event> out;
  for (auto const& e : tf::train::summary_iterator(path)) out.push_back(e);
  return out;
}
std::string record(std::string_view data) {
  std::string out;
  tf::io::put_record(out, data);
  return out;
}
std::string scalar(char const* tag, float value) {
  tf::message_writer m, v;
  v.add(1, tag);
  v.add_float(2, value);
  m.add(1, v);
  return m.take();
}
}  // namespace

TEST_CASE("record: TensorFlow's bytes") {
  std::string const version = summary::detail::event_bytes(0, 0, 3, "brain.Event:2");
  CHECK(record(version) == bytes({0x0f, 0, 0, 0, 0, 0, 0, 0, 0x6d, 0x53, 0x2b, 0x09}) + "\x1a\x0d" + "brain.Event:2" +
                               bytes({0xfc, 0x98, 0x51, 0x29}));
  std::string const loss = summary::detail::event_bytes(0, 1, 5, scalar("loss", 0.5f));
  CHECK(loss == bytes({0x10, 0x01, 0x2a, 0x0d, 0x0a, 0x0b, 0x0a, 0x04, 0x6c, 0x6f, 0x73, 0x73, 0x15, 0, 0, 0, 0x3f}));
  CHECK(record(loss) ==
        bytes({0x11, 0, 0, 0, 0, 0, 0, 0, 0x9d, 0x6d, 0xb5, 0x2e}) + loss + bytes({0x51, 0x18, 0x29, 0xfc}));
}

TEST_CASE("file writer: a new file of TensorFlow's name holds its version, the graph and the summaries") {
  folder const dir;
  auto const x = tf::placeholder<"x", float>(tf::shape<>);
  auto const w = tf::variable<"w">(tf::constant(5.0f));
  auto const cost = tf::square(w - x);
  auto const train = tf::train::GradientDescentOptimizer(0.1f).minimize(cost);
  auto const loss = summary::scalar<"Loss">(cost);
  auto const graph = tf::Graph(train, loss);
  auto const before = std::time(nullptr);
  std::string path;
  {
    summary::FileWriter writer(dir / "a/b/logs", graph);
    path = writer.path();
    CHECK(writer.get_logdir() == dir / "a/b/logs");
    tf::Session sess;
    sess.run(tf::global_variables_initializer(train));
    for (int step = 0; step < 3; ++step) {
      sess.run(train, x = 1.0f);
      writer.add_summary(sess.run(loss, x = 1.0f), step);
    }
    writer.add_summary(sess.run(summary::merge(loss, summary::histogram<"w">(w)), x = 1.0f), -1);
  }
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  std::string const name = fs::path(path).filename().string();
  CHECK(name.size() == std::string("events.out.tfevents.0123456789.").size() + std::string(host).size());
  CHECK(name.rfind("events.out.tfevents.", 0) == 0);
  auto const seconds = std::stoll(name.substr(20, 10));
  CHECK((seconds >= before && seconds <= std::time(nullptr)));
  auto const events = events_of(path);
  REQUIRE(events.size() == 6);
  CHECK((events[0].file_version == "brain.Event:2" && events[0].wall_time == static_cast<double>(seconds)));
  CHECK(events[1].graph_def == graph.as_graph_def());
  for (std::size_t i = 2; i < 6; ++i) {
    CHECK(events[i].step == (i < 5 ? static_cast<int>(i) - 2 : -1));
    CHECK((events[i].wall_time >= events[i - 1].wall_time && events[i].wall_time < static_cast<double>(before) + 1000));
    CHECK(events[i].summary.value.at(0).tag == "Loss");
  }
  CHECK(events[2].summary.value.at(0).simple_value == doctest::Approx(10.24));
  CHECK(events[5].summary.value.at(1).histo.num == 1);
}
TEST_CASE("file writer: writers of one folder and one second have files of their own, in the order of their names") {
  folder const dir;
  std::vector<std::string> paths;
  for (int i = 0; i < 3; ++i) {
    summary::FileWriter first(dir.path.string()), second(dir.path.string() + "/");
    first.add_summary(scalar("a", 1), i);
    second.add_summary(scalar("a", 2), i);
    first.add_summary(scalar("a", 3), i);
    paths.push_back(first.path());
    paths.push_back(second.path());
    CHECK(first.path() != second.path());
  }
  CHECK(dir.files() == 6);
  for (std::size_t i = 0; i < 6; ++i) {
    auto const events = events_of(paths[i]);
    REQUIRE(events.size() == (i % 2 == 0 ? 3 : 2));
    CHECK(events[1].step == static_cast<int>(i / 2));
    CHECK(events[1].summary.value.at(0).simple_value == (i % 2 == 0 ? 1.0f : 2.0f));
    if (i > 0) CHECK(fs::path(paths[i - 1]).filename() < fs::path(paths[i]).filename());
  }
}
TEST_CASE("file writer: what is flushed can be read while more is added; a long run goes to the disk as it is") {
  folder const dir;
  summary::FileWriter writer(dir.path.string());
  CHECK(events_of(writer.path()).size() == 1);
  writer.add_summary(scalar("a", 1));
  CHECK(events_of(writer.path()).size() == 1);
  writer.flush();
  CHECK(events_of(writer.path()).size() == 2);
  auto const value = scalar("a/tag/of/some/length", 1);
  for (int i = 0; i < 20000; ++i) writer.add_summary(value, i);
  auto const size = fs::file_size(writer.path());
  CHECK(size > 20000 * 60 - 70000);
  writer.close();
  writer.close();
  auto const events = events_of(writer.path());
  REQUIRE(events.size() == 20002);
  CHECK((events[2].step == 0 && events[20001].step == 19999));
  CHECK_THROWS_AS(writer.add_summary(value), tf::errors::FailedPreconditionError);
  CHECK_THROWS_AS(writer.flush(), tf::errors::FailedPreconditionError);
}
TEST_CASE("file writer: what cannot be written is refused with the path, and the file keeps whole events") {
  folder const dir;
  summary::FileWriter writer(dir.path.string());
  CHECK_THROWS_WITH_AS(
      writer.add_summary("no summary"),
      (writer.path() + ": add_summary takes what a summary gives: this is no serialised Summary").c_str(),
      tf::errors::InvalidArgumentError);
  CHECK_THROWS_AS(writer.add_summary(scalar("a", 1).substr(0, 8)), tf::errors::InvalidArgumentError);
  writer.add_summary("");
  write(dir / "file", "x");
  auto const refused = io_test::message<tf::errors::Error>([&] { summary::FileWriter(dir / "file"); });
  CHECK(refused.find(dir / "file") != std::string::npos);
  CHECK(io_test::message<tf::errors::Error>([&] { summary::FileWriter(dir / "file/logs"); }).find(dir / "file/logs") ==
        0);

  // A disk that is full: the file may have 1000 bytes.
  writer.flush();
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  rlimit const small{1000, limit.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  for (int i = 0; i < 40; ++i) writer.add_summary(scalar("a", 1), i);
  auto const full = io_test::message<tf::errors::FailedPreconditionError>([&] { writer.flush(); });
  setrlimit(RLIMIT_FSIZE, &limit);
  CHECK(full.find(writer.path()) == 0);
  CHECK(events_of(writer.path()).size() == 2);
  writer.flush();
  CHECK(events_of(writer.path()).size() == 42);

  fs::remove(writer.path());
  writer.add_summary(scalar("a", 1));
  CHECK_THROWS_AS(writer.flush(), tf::errors::NotFoundError);
}

TEST_CASE("summary_iterator: a damaged or cut record is refused with the place where it begins") {
  folder const dir;
  std::string const path = dir / "events";
  std::string const first = record(summary::detail::event_bytes(2.5, 0, 3, "brain.Event:2"));
  std::string const second = record(summary::detail::event_bytes(3.5, 7, 5, scalar("a", 1)));
  std::string const whole = first + second + record(summary::detail::event_bytes(4.5, 8, 5, scalar("a", 2)));
  write(path, whole);
  CHECK((events_of(path).size() == 3 && events_of(path)[0].wall_time == 2.5));
  for (std::size_t i = 0; i < second.size(); ++i) {
    std::string damaged = whole;
    damaged[first.size() + i] ^= 1;
    write(path, damaged);
    std::vector<summary::event> events;
    auto const text = io_test::message<tf::errors::DataLossError>([&] {
      for (auto const& e : tf::train::summary_iterator(path)) events.push_back(e);
    });
    CHECK(events.size() == 1);
    CHECK(text == path + ": corrupted record at " + std::to_string(first.size()));
    write(path, whole.substr(0, first.size() + i));
    if (i > 0)
      CHECK(io_test::message<tf::errors::DataLossError>([&] { events_of(path); }) ==
            path + ": truncated record at " + std::to_string(first.size()));
  }
  // A length beyond the end, with its checksum; a record that is whole, of a message that is not.
  std::string long_one;
  tf::io::put_fixed(long_one, ~std::uint64_t{0}, 8);
  tf::io::put_fixed(long_one, tf::io::mask_crc(tf::io::crc32c(long_one.data(), 8)), 4);
  write(path, first + long_one + "data");
  CHECK_THROWS_AS(events_of(path), tf::errors::DataLossError);
  for (std::string const& data : {bytes({0x2a, 0x05, 0x0a}), bytes({0x0f}), bytes({0x09, 1}), std::string(11, '\xff'),
                                  bytes({0x2a, 4, 0x0a, 2, 0x32, 9}), bytes({0x2a, 6, 0x0a, 4, 0x2a, 2, 0x32, 1})}) {
    write(path, first + record(data));
    CHECK(io_test::message<tf::errors::DataLossError>([&] {
            events_of(path);
          }).find(path + ": record at " + std::to_string(first.size()) + ": ") == 0);
  }
  write(path, "");
  CHECK(events_of(path).empty());
  CHECK_THROWS_AS(events_of(dir / "none"), tf::errors::NotFoundError);
}
