package dev.lockstep.starter.functions;

import java.util.List;

/** A member of the caller's organization. */
public record MemberRow(
        String membershipId, String userId, String displayName, String email, List<String> roles, String status) {}
