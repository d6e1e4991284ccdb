package dev.lockstep.workosdouble;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.lockstep.identity.EventId;
import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One atomic step of the double's state. The journal is a list of lines, each the facts of one change. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "fact")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Fact.HousePut.class, name = "house"),
    @JsonSubTypes.Type(value = Fact.UserPut.class, name = "user"),
    @JsonSubTypes.Type(value = Fact.UserGone.class, name = "user_gone"),
    @JsonSubTypes.Type(value = Fact.OrganizationPut.class, name = "organization"),
    @JsonSubTypes.Type(value = Fact.OrganizationGone.class, name = "organization_gone"),
    @JsonSubTypes.Type(value = Fact.MembershipPut.class, name = "membership"),
    @JsonSubTypes.Type(value = Fact.MembershipGone.class, name = "membership_gone"),
    @JsonSubTypes.Type(value = Fact.SessionPut.class, name = "session"),
    @JsonSubTypes.Type(value = Fact.SessionGone.class, name = "session_gone"),
    @JsonSubTypes.Type(value = Fact.CodePut.class, name = "code"),
    @JsonSubTypes.Type(value = Fact.CodeGone.class, name = "code_gone"),
    @JsonSubTypes.Type(value = Fact.GrantPut.class, name = "grant"),
    @JsonSubTypes.Type(value = Fact.GrantGone.class, name = "grant_gone"),
    @JsonSubTypes.Type(value = Fact.ObjectPut.class, name = "object"),
    @JsonSubTypes.Type(value = Fact.ObjectGone.class, name = "object_gone"),
    @JsonSubTypes.Type(value = Fact.Emptied.class, name = "emptied"),
    @JsonSubTypes.Type(value = Fact.EventPut.class, name = "event"),
    @JsonSubTypes.Type(value = Fact.DeliveryPut.class, name = "delivery"),
    @JsonSubTypes.Type(value = Fact.DeliveryGone.class, name = "delivery_gone"),
})
sealed interface Fact {
    record HousePut(House house) implements Fact {}

    record UserPut(UserRecord user) implements Fact {}

    record UserGone(UserId id) implements Fact {}

    record OrganizationPut(OrganizationRecord organization) implements Fact {}

    record OrganizationGone(OrganizationId id) implements Fact {}

    record MembershipPut(MembershipRecord membership) implements Fact {}

    record MembershipGone(MembershipId id) implements Fact {}

    record SessionPut(SessionRecord session) implements Fact {}

    record SessionGone(SessionId id) implements Fact {}

    record CodePut(SignInCode code) implements Fact {}

    record CodeGone(String code) implements Fact {}

    record GrantPut(RefreshGrant grant) implements Fact {}

    record GrantGone(String token) implements Fact {}

    record ObjectPut(ObjectRecord object) implements Fact {}

    record ObjectGone(Kind kind, String id) implements Fact {}

    /** Everything is gone but the house. */
    record Emptied() implements Fact {}

    record EventPut(EventRecord event) implements Fact {}

    record DeliveryPut(Delivery delivery) implements Fact {}

    record DeliveryGone(EventId event, @Nullable String endpoint) implements Fact {}

    /** The facts of one change: all of them or none survive a crash. */
    record Line(List<Fact> facts) {}
}
