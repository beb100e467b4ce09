package io.tidegate.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class UsersTest {
  private final Users users = new Users(2);

  @Test
  void register_moreThanThereIsRoomFor_isRefused() throws HttpError {
    users.register(new Credentials("one", "password-1"));
    users.register(new Credentials("two", "password-2"));
    assertThatThrownBy(() -> users.register(new Credentials("three", "password-3")))
        .isInstanceOfSatisfying(HttpError.class, e -> assertThat(e.status).isEqualTo(503));
    assertThat(users.logIn(new Credentials("two", "password-2")).apiKey()).startsWith("demo-");
  }

  @Test
  void logIn_wrongPasswordOrName_isOneAndTheSameError() throws HttpError {
    users.register(new Credentials("one", "password-1"));
    for (String name : new String[] {"one", "nobody"}) {
      assertThatThrownBy(() -> users.logIn(new Credentials(name, "password-2")))
          .isInstanceOfSatisfying(HttpError.class, e -> assertThat(e.status).isEqualTo(401))
          .hasMessage("The name or the password is wrong.");
    }
  }

  @Test
  void plan_ofKeysGivenOut_isKnown() throws HttpError {
    users.register(new Credentials("one", "password-1"));
    String key = users.logIn(new Credentials("one", "password-1")).apiKey();
    assertThat(users.plan("Bearer " + key)).isEqualTo("user");
    assertThat(users.plan("bearer demo-key")).isEqualTo("demo");
  }

  @Test
  void plan_ofAnythingElse_isNone() {
    for (String other :
        new String[] {null, "", "Bearer ", "Bearer x", "Basic demo-key", "demo-key"}) {
      assertThat(users.plan(other)).as(other).isNull();
    }
  }

  @Test
  void credentials_shown_keepThePassword() {
    assertThat(new Credentials("one", "password-1").toString()).doesNotContain("password-1");
  }
}
