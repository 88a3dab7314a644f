// SPDX-License-Identifier: Apache-2.0
// The laws of the lowest floor, over small sets and not single examples. What the compiler uses too is held there first
// and once more when the tests run, where the sanitizers look on.
#include <doctest/doctest.h>
#include <cstring>
#include <tfx/base/errors.hpp>
#include <tfx/base/fits.hpp>
#include <tfx/base/hash.hpp>
#include <tfx/base/name.hpp>
#include <tfx/base/numbering.hpp>
#include <tfx/base/raise.hpp>
#include <tfx/base/vector.hpp>
#include <tuple>
#include <utility>

namespace tf = tfx;
using tf::dtype;
using tf::i64;
using tf::u64;
using tf::detail::fits;

namespace {

/// Calls f with each type of the tuple `Types`, as a pointer to nothing; true where f always is.
template <class Types, class F>
constexpr bool for_all(F f) {
  return []<class... T>(std::tuple<T...> const*, F each) { return (each(static_cast<T*>(nullptr)) && ...); }(
             static_cast<Types const*>(nullptr), f);
}
template <class Pointer>
using pointed = std::remove_pointer_t<Pointer>;

// hash
// -----------------------------------------------------------------------------------------------------------------

constexpr u64 words[] = {0, 1, 2, 3, 63, 64, 1024, u64(1) << 32, u64(1) << 63, ~u64(0), ~u64(0) - 1};

/// For one hash all words mix into different ones, for one word all hashes do, and the order of words counts.
constexpr bool mix_tells_words_apart() {
  for (u64 const hash : words)
    for (u64 const a : words)
      for (u64 const b : words) {
        if ((tf::mix(hash, a) == tf::mix(hash, b)) != (a == b)) return false;
        if ((tf::mix(a, hash) == tf::mix(b, hash)) != (a == b)) return false;
        if (a != b && tf::mix(tf::mix(hash, a), b) == tf::mix(tf::mix(hash, b), a)) return false;
      }
  return true;
}
static_assert(mix_tells_words_apart());

/// One bit more or less in a word changes about half of the bits, and each one now and then.
constexpr bool mix_spreads_bits() {
  u64 ever = 0;
  for (int bit = 0; bit < 64; ++bit) {
    u64 const changed = tf::mix(7, 11) ^ tf::mix(7, 11 ^ (u64(1) << bit));
    int count = 0;
    for (u64 rest = changed; rest != 0; rest &= rest - 1) ++count;
    if (count < 12 || count > 52) return false;
    ever |= changed;
  }
  return ever == ~u64(0);
}
static_assert(mix_spreads_bits());

/// All texts of up to three characters out of four, a zero and one with a sign among them.
constexpr bool texts_have_hashes_of_their_own() {
  constexpr char alphabet[] = {'a', 'b', '\0', '\xff'};
  u64 hashes[1 + 4 + 16 + 64] = {};
  int count = 0;
  hashes[count++] = tf::hash_of("");
  for (char const a : alphabet) {
    hashes[count++] = tf::hash_of({&a, 1});
    for (char const b : alphabet) {
      char const two[] = {a, b};
      hashes[count++] = tf::hash_of({two, 2});
      for (char const c : alphabet) {
        char const three[] = {a, b, c};
        hashes[count++] = tf::hash_of({three, 3});
      }
    }
  }
  for (int i = 0; i < count; ++i)
    for (int k = 0; k < i; ++k)
      if (hashes[i] == hashes[k]) return false;
  return count == 85;
}
static_assert(texts_have_hashes_of_their_own());

// name
// -----------------------------------------------------------------------------------------------------------------

constexpr bool numbers_are_written(auto... of) {
  auto const written = [](i64 value, std::string_view text) {
    tf::vector<char> out;
    out.push_back('#');  // what is there stays
    tf::detail::write_number(out, value);
    return std::string_view(out.items, std::size_t(out.count)).substr(1) == text && out[0] == '#';
  };
  return (written(of.first, of.second) && ...);
}
using spelled = std::pair<i64, std::string_view>;
constexpr bool numbers_are_written() {
  return numbers_are_written(spelled{0, "0"}, spelled{7, "7"}, spelled{10, "10"}, spelled{-1, "-1"},
                             spelled{1000000, "1000000"},
                             spelled{std::numeric_limits<i64>::max(), "9223372036854775807"},
                             spelled{std::numeric_limits<i64>::min(), "-9223372036854775808"});
}
static_assert(numbers_are_written());

static_assert(tf::name("layer").view() == "layer" && tf::name("layer").size() == 5 && tf::name("").size() == 0);
static_assert((tf::name("a") / "b").view() == "a/b" && (tf::name("a/b") / tf::name("c")).view() == "a/b/c");
static_assert((tf::name("") / "b").view() == "b" && (tf::name("a") / "").view() == "a" &&
              (tf::name("") / "").size() == 0);
/// Scopes join in either order.
static_assert((tf::name("a") / "b" / "c").view() == (tf::name("a") / (tf::name("b") / "c")).view());
template <tf::name Name>
constexpr int length_of = int(Name.size());
static_assert(length_of<tf::name("outer") / "w"> == 7);

/// TensorFlow's pattern, character by character: which may begin a name, and which may follow.
constexpr bool node_names_follow_the_pattern() {
  std::string_view const anywhere = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.", later = "_-/";
  for (int c = -128; c < 128; ++c) {
    char const first[] = {char(c)}, second[] = {'a', char(c)};
    bool const begins = anywhere.find(char(c)) != anywhere.npos, follows = begins || later.find(char(c)) != later.npos;
    if (tf::is_node_name({first, 1}) != begins || tf::is_node_name({second, 2}) != follows) return false;
  }
  return tf::is_node_name("") && tf::names_node<"layer1/kernel"> && !tf::names_node<"two words">;
}
static_assert(node_names_follow_the_pattern());

// numbering
// ------------------------------------------------------------------------------------------------------------

/// Keys that share chains (equal modulo the number of chains), keys met again, keys never met.
constexpr bool keys_are_numbered_as_they_are_met(int count) {
  tf::numbering numbers;
  auto const key = [](int i) { return u64(i % 3) + u64(i) * tf::chain_heads::count; };
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < count; ++i) {
      if (numbers.find(key(i)) != (round == 0 ? -1 : i)) return false;
      if (numbers.of(key(i)) != i || numbers.find(key(i)) != i) return false;
    }
  tf::numbering copy = numbers;
  return copy.of(12345) == count && numbers.find(12345) == -1 && numbers.keys.size() == count;
}
static_assert(keys_are_numbered_as_they_are_met(20));

// vector
// ---------------------------------------------------------------------------------------------------------------

/// Counts the objects that are alive, and each knows whether it is.
struct counted {
  static inline int alive = 0;
  int value = 0;
  int* own = nullptr;  // memory that only a right copy keeps and only a right destruction frees

  constexpr counted(int v = 0) : value(v), own(new int(v)) { count(1); }  // NOLINT: stands for the number
  constexpr counted(counted const& o) : value(o.value), own(new int(*o.own)) { count(1); }
  constexpr counted& operator=(counted const& o) {
    value = *own = *o.own;
    return *this;
  }
  constexpr ~counted() {
    count(-1);
    delete own;
  }
  constexpr bool operator==(counted const& o) const { return value == o.value && *own == *o.own; }
  static constexpr void count(int by) {
    if (!std::is_constant_evaluated()) alive += by;
  }
};
/// Trivial but for its default value, and larger than what is assigned into arrays.
struct large {
  i64 value = 0;
  i64 rest[9] = {};
  constexpr large(int v = 0) : value(v), rest{v, v} {}  // NOLINT: stands for the number
  constexpr bool operator==(large const& o) const { return value == o.value && rest[1] == o.rest[1]; }
};

/// A vector holds what was put into it, in order, however it grew.
template <class T>
constexpr bool vectors_hold_what_they_are_given(int most) {
  auto const holds = [](tf::vector<T> const& v, int count, int from) {
    if (v.size() != count || v.empty() != (count == 0) || v.room < count || v.end() - v.begin() != count) return false;
    for (int i = 0; i < count; ++i)
      if (!(v[i] == T(from + i))) return false;
    return true;
  };
  for (int n = 0; n <= most; n += n < 4 ? 1 : 13) {
    tf::vector<T> v;
    for (int i = 0; i < n; ++i) v.push_back(T(i));
    if (!holds(v, n, 0)) return false;

    tf::vector<T> copy = v, moved = static_cast<tf::vector<T>&&>(v);
    if (!holds(copy, n, 0) || !holds(moved, n, 0) || !holds(v, 0, 0) || v.items != nullptr) return false;
    v = copy;
    copy.push_back(T(n));  // a copy goes its own way
    if (!holds(v, n, 0) || !holds(copy, n + 1, 0)) return false;
    copy = static_cast<tf::vector<T>&&>(moved);
    if (!holds(copy, n, 0)) return false;
    tf::vector<T>& same = copy;
    copy = same;
    if (!holds(copy, n, 0)) return false;

    T more[3] = {T(n), T(n + 1), T(n + 2)};
    v.append(more, 3);
    v.append(more, 0);
    if (!holds(v, n + 3, 0)) return false;
    if (!(v.back() == T(n + 2))) return false;
    v.pop_back();
    v.reserve(1);
    v.reserve(n + 40);
    if (!holds(v, n + 2, 0)) return false;
    v.resize(n + 4, T(9));
    if (v.size() != n + 4 || !(v[n + 2] == T(9)) || !(v.back() == T(9))) return false;
    v.resize(n + 1);
    if (!holds(v, n + 1, 0)) return false;
    int const room = v.room;
    v.clear();
    if (!holds(v, 0, 0) || v.room != room) return false;  // the room stays for what comes next
    v.push_back(T(5));
    if (!holds(v, 1, 5)) return false;
  }
  for (int n = 0; n < 4; ++n) {
    tf::vector<T> const zeros(n), fives(n, T(5));
    if (zeros.size() != n || fives.size() != n) return false;
    for (int i = 0; i < n; ++i)
      if (!(zeros[i] == T()) || !(fives[i] == T(5))) return false;
  }
  return true;
}
/// What is added last may lie in the vector itself, also where that has no room left.
template <class T>
constexpr bool vectors_take_their_own_elements() {
  tf::vector<T> v(1, T(1));
  for (int n = 1; n <= 33; ++n) {
    v.push_back(v[0]);
    v.push_back(T(n + 1));
    v.push_back(v.back());
    if (!(v[v.size() - 3] == T(1)) || !(v.back() == T(n + 1))) return false;
  }
  return true;
}
constexpr bool vectors_hold_what_they_are_given(int most) {
  return vectors_hold_what_they_are_given<int>(most) && vectors_hold_what_they_are_given<large>(most) &&
         vectors_hold_what_they_are_given<counted>(most);
}
constexpr bool vectors_take_their_own_elements() {
  return vectors_take_their_own_elements<int>() && vectors_take_their_own_elements<large>() &&
         vectors_take_their_own_elements<counted>();
}
static_assert(vectors_hold_what_they_are_given(20));

constexpr bool vectors_are_copied_into_arrays() {
  tf::vector<int> v;
  for (int i = 0; i < 3; ++i) v.push_back(i);
  i64 to[4] = {-1, -1, -1, -1};
  return !tf::detail::copy_all(to, 2, v) && to[0] == -1 && tf::detail::copy_all(to, 3, v) && to[2] == 2 && to[3] == -1;
}
static_assert(vectors_are_copied_into_arrays());

// dtypes
// ---------------------------------------------------------------------------------------------------------------

using integers = std::tuple<std::int8_t, std::uint8_t, std::int16_t, std::uint16_t, std::int32_t, std::uint32_t,
                            std::int64_t, std::uint64_t>;
using reals = decltype(std::tuple_cat(integers(), std::tuple<float, double>()));
using elements =
    decltype(std::tuple_cat(reals(), std::tuple<bool, std::complex<float>, std::complex<double>, std::string>()));

/// A dtype and its C++ type lead to one another, and the tables say of one what the language says of the other.
template <class T>
constexpr bool tables_agree() {
  constexpr dtype d = tf::dtype_of<T>;
  return std::is_same_v<tf::type_of<d>, T> && tf::dtype_of<T const> == d && tf::element<T> &&
         tf::bytes_of(d) == int(sizeof(T)) && tf::is_floating(d) == std::is_floating_point_v<T> &&
         tf::is_complex(d) == tf::detail::is_complex_type<T> &&
         tf::is_integer(d) == (std::is_integral_v<T> && !std::is_same_v<T, bool>) &&
         tf::is_number(d) == (tf::is_integer(d) || tf::is_floating(d)) &&
         tf::real_part_of(d) == tf::dtype_of<typename tf::detail::real_part<T>::type> && tf::to_string(d) != "none";
}
static_assert(for_all<elements>([](auto* t) { return tables_agree<pointed<decltype(t)>>(); }));
static_assert(for_all<elements>([](auto* a) {
  return for_all<elements>([](auto* b) {
    using A = pointed<decltype(a)>;
    using B = pointed<decltype(b)>;
    bool const same = std::is_same_v<A, B>;
    return (tf::dtype_of<A> == tf::dtype_of<B>) == same &&
           (tf::to_string(tf::dtype_of<A>) == tf::to_string(tf::dtype_of<B>)) == same;
  });
}));
/// The numbers of TensorFlow's DataType, which files hold.
static_assert(int(dtype::float32) == 1 && int(dtype::float64) == 2 && int(dtype::int32) == 3 && int(dtype::uint8) == 4);
static_assert(int(dtype::int16) == 5 && int(dtype::int8) == 6 && int(dtype::string) == 7 && int(dtype::complex64) == 8);
static_assert(int(dtype::int64) == 9 && int(dtype::boolean) == 10 && int(dtype::uint16) == 17);
static_assert(int(dtype::complex128) == 18 && int(dtype::uint32) == 22 && int(dtype::uint64) == 23);
static_assert(tf::to_string(dtype::none) == "none" && !tf::is_number(dtype::none) && !tf::element<char*>);
/// Integers of one size and sign are one dtype.
static_assert(tf::dtype_of<int> == dtype::int32 && tf::dtype_of<unsigned> == dtype::uint32);
static_assert(tf::dtype_of<long long> == dtype::int64 && tf::dtype_of<unsigned long long> == dtype::uint64);
static_assert(tf::dtype_of<long> == (sizeof(long) == 8 ? dtype::int64 : dtype::int32));
static_assert(tf::dtype_of<unsigned long> == (sizeof(long) == 8 ? dtype::uint64 : dtype::uint32));

// fits
// -----------------------------------------------------------------------------------------------------------------

template <class T>
constexpr T least = std::numeric_limits<T>::min();
template <class T>
constexpr T most = std::numeric_limits<T>::max();

/// What the standard says of two integers, whatever their types.
template <class To, class From>
constexpr bool is_within(From v) {
  return std::cmp_less_equal(least<To>, v) && std::cmp_less_equal(v, most<To>);
}
/// An integer fits another type exactly where that has a number equal to it: about every limit of every type.
template <class To, class From>
constexpr bool integers_fit() {
  bool right = true;
  auto const about = [&](auto limit) {
    for (int by = -2; by <= 2; ++by) {
      From const v = static_cast<From>(static_cast<u64>(limit) + static_cast<u64>(by));
      right = right && fits<To>(v) == is_within<To>(v);
      right = right && (!fits<To>(v) || std::cmp_equal(tf::detail::converted<To>(v), v));
    }
  };
  for_all<integers>([&](auto* t) {
    about(least<pointed<decltype(t)>>);
    about(most<pointed<decltype(t)>>);
    return true;
  });
  return right;
}
/// Floats fit where they are whole and within the limits; the last ones inside and the first ones outside are looked
/// at.
template <class To, class From>
constexpr bool floats_fit() {
  constexpr From nan = std::numeric_limits<From>::quiet_NaN(), infinity = std::numeric_limits<From>::infinity();
  constexpr From past = static_cast<From>(most<To> / 2 + 1) * 2;  // 2 to the number of bits
  constexpr bool has_half = std::numeric_limits<To>::digits < std::numeric_limits<From>::digits;
  constexpr From last = has_half ? past - 1 : past - past * std::numeric_limits<From>::epsilon() / 2;
  for (From const v : {nan, -nan, infinity, -infinity, most<From>, -most<From>, past, least<From>,
                       std::numeric_limits<From>::denorm_min(), From(0.5), From(-0.5), From(1.5), last + From(0.5)}) {
    bool const whole = v == last;  // where a half is lost
    if (fits<To>(v) != whole || (!whole && tf::detail::converted<To>(v) != To())) return false;
  }
  for (From const v : {From(0), -From(0), From(1), From(100), static_cast<From>(least<To>), last})
    if (!fits<To>(v) || static_cast<From>(tf::detail::converted<To>(v)) != v) return false;
  constexpr From under = static_cast<From>(least<To>) - 1;
  return fits<To>(From(-1)) == std::is_signed_v<To> && fits<To>(under) == (under == static_cast<From>(least<To>));
}
template <class To, class From>
constexpr bool numbers_fit() {
  if constexpr (std::is_floating_point_v<To>) {
    // Rounded, and beyond the range an infinity: every number has its place.
    return fits<To>(least<From>) && fits<To>(most<From>) && fits<To>(From(1)) &&
           (!std::is_floating_point_v<From> || fits<To>(std::numeric_limits<From>::quiet_NaN()));
  } else if constexpr (std::is_floating_point_v<From>) {
    return floats_fit<To, From>();
  } else {
    return integers_fit<To, From>();
  }
}
template <class From>
constexpr bool truth_fits() {
  bool const one = fits<bool>(From(0)) && fits<bool>(From(1)) && fits<From>(true) && fits<From>(false) &&
                   !fits<bool>(From(2)) && !fits<bool>(most<From>);
  if constexpr (std::is_floating_point_v<From>) {
    return one && !fits<bool>(From(0.5)) && !fits<bool>(From(-1)) &&
           !fits<bool>(std::numeric_limits<From>::quiet_NaN());
  } else {
    return one && fits<bool>(least<From>) == std::is_unsigned_v<From>;
  }
}
/// Complex numbers take all others, and none of those takes them.
template <class T>
constexpr bool complex_numbers_fit() {
  using C = std::complex<float>;
  using Z = std::complex<double>;
  return fits<C>(T(1)) && fits<Z>(most<T>) && !fits<T>(C(1)) && !fits<T>(Z(1)) && fits<C>(Z(1, 2)) &&
         fits<Z>(C(1, 2)) && tf::detail::converted<Z>(T(1)) == Z(1) && tf::detail::converted<T>(Z(1, 2)) == T();
}
constexpr bool numbers_fit() {
  return for_all<reals>([](auto* to) {
    using To = pointed<decltype(to)>;
    return truth_fits<To>() && complex_numbers_fit<To>() &&
           for_all<reals>([](auto* from) { return numbers_fit<To, pointed<decltype(from)>>(); });
  });
}
static_assert(numbers_fit());
static_assert(tf::detail::converted<std::complex<float>>(std::complex<double>(1, -2)) == std::complex<float>(1, -2));

/// A number of a mixed list is still the same number.
constexpr bool any_number_keeps_the_number() {
  return for_all<reals>([](auto* t) {
    using T = pointed<decltype(t)>;
    for (T const v : {T(0), T(1), least<T>, most<T>, std::numeric_limits<T>::lowest()}) {
      tf::detail::any_number const held = v;
      bool const same = held.visit([&](auto kept) {
        if constexpr (std::is_floating_point_v<T> == std::is_floating_point_v<decltype(kept)>) {
          return static_cast<T>(kept) == v && fits<T>(kept);
        } else {
          return false;
        }
      });
      if (!same) return false;
    }
    return true;
  });
}
static_assert(any_number_keeps_the_number());
static_assert(!std::is_constructible_v<tf::detail::any_number, char const*>);

/// What f throws, as "name: text"; nothing where it does not.
template <class F>
std::string thrown(F f) {
  try {
    f();
  } catch (tf::errors::InvalidArgumentError const& e) {
    return std::string("InvalidArgumentError: ") + e.what();
  } catch (tf::errors::Error const& e) {
    return std::string("Error: ") + e.what();
  }
  return {};
}

}  // namespace

TEST_CASE("base: what the compiler found holds when it runs") {
  CHECK(mix_tells_words_apart());
  CHECK(texts_have_hashes_of_their_own());
  CHECK(numbers_are_written());
  CHECK(node_names_follow_the_pattern());
  CHECK(numbers_fit());
  CHECK(any_number_keeps_the_number());
  CHECK(keys_are_numbered_as_they_are_met(3000));
}

TEST_CASE("vector: holds what it is given, its own elements too, and destroys each object once") {
  CHECK(vectors_hold_what_they_are_given(300));
  CHECK(vectors_take_their_own_elements());
  CHECK(counted::alive == 0);
  tf::vector<tf::vector<int>> nested(3);
  for (int i = 0; i < 40; ++i) nested.push_back(tf::vector<int>(i, i));
  tf::vector<tf::vector<int>> const copy = nested;
  nested.clear();
  CHECK(copy.size() == 43);
  CHECK(copy[2].empty());
  CHECK(copy[42].size() == 39);
  CHECK(copy[42][38] == 39);
}

TEST_CASE("fits: what does not fit is refused in words, and what fits is the same number") {
  using tf::detail::fitted;
  CHECK(fitted<std::uint8_t>(255) == 255);
  CHECK(fitted<float>(1e300) == std::numeric_limits<float>::infinity());
  CHECK(fitted<std::complex<double>>(3) == std::complex<double>(3));
  std::string const help = "\nhelp: tf::cast, or a number of that dtype";
  CHECK(thrown([] { fitted<std::uint8_t>(256); }) ==
        "InvalidArgumentError: The number 256 does not fit dtype uint8" + help);
  CHECK(thrown([] { fitted<std::uint64_t>(-1); }) ==
        "InvalidArgumentError: The number -1 does not fit dtype uint64" + help);
  CHECK(thrown([] { fitted<std::int32_t>(2.5); }) ==
        "InvalidArgumentError: The number 2.5 does not fit dtype int32" + help);
  CHECK(thrown([] { fitted<bool>(-std::numeric_limits<double>::quiet_NaN()); }) ==
        "InvalidArgumentError: The number nan does not fit dtype bool" + help);
  CHECK(thrown([] { fitted<std::int64_t>(most<u64>); }) ==
        "InvalidArgumentError: The number 18446744073709551615 does not fit dtype int64" + help);
  CHECK(std::string(tf::detail::number_text(least<i64>).text) == "-9223372036854775808");
  CHECK(std::string(tf::detail::number_text(std::numeric_limits<double>::lowest()).text) == "-1.79769313e+308");
}

TEST_CASE("errors: a text is written as printf writes it, whole, whatever its length") {
  using namespace tf::errors;
  std::string const lengthy(5000, 'x');
  CHECK(thrown([&] { tf::raise<InvalidArgumentError>("%s and %d%%", lengthy.c_str(), -3); }) ==
        "InvalidArgumentError: " + lengthy + " and -3%");
  CHECK(thrown([] { tf::raise<Error>("%s", ""); }) == "Error: ");
  CHECK(thrown([] {}).empty());
}

TEST_CASE_TEMPLATE("errors: each is an Error, is caught as std::runtime_error, and is no other", E,
                   tf::errors::InvalidArgumentError, tf::errors::FailedPreconditionError, tf::errors::NotFoundError,
                   tf::errors::AlreadyExistsError, tf::errors::DataLossError, tf::errors::OutOfRangeError,
                   tf::errors::UnimplementedError) {
  static_assert(std::is_base_of_v<tf::errors::Error, E> && std::is_base_of_v<std::runtime_error, tf::errors::Error>);
  static_assert(!std::is_base_of_v<E, std::conditional_t<std::is_same_v<E, tf::errors::NotFoundError>,
                                                         tf::errors::DataLossError, tf::errors::NotFoundError>>);
  CHECK_THROWS_WITH_AS(tf::raise<E>("%s:%s", "a", E::name), (std::string("a:") + E::name).c_str(), E);
  CHECK_THROWS_AS(tf::raise<E>("a"), std::runtime_error);
}
