-- A comparison with WorkOS looks at fields that have no column as well, and names them without their values.
CREATE FUNCTION lockstep.differing_paths(held jsonb, shown jsonb, path text) RETURNS SETOF text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  name text;
BEGIN
  IF held = shown THEN
    RETURN;
  ELSIF jsonb_typeof(held) = 'object' AND jsonb_typeof(shown) = 'object' THEN
    FOR name IN SELECT jsonb_object_keys(held) INTERSECT SELECT jsonb_object_keys(shown) LOOP
      RETURN QUERY SELECT lockstep.differing_paths(held -> name, shown -> name, path || '.' || left(name, 100));
    END LOOP;
  ELSIF jsonb_typeof(held) = 'array' AND jsonb_typeof(shown) = 'array'
      AND jsonb_array_length(held) = jsonb_array_length(shown) THEN
    FOR i IN 0 .. jsonb_array_length(held) - 1 LOOP
      RETURN QUERY SELECT lockstep.differing_paths(held -> i, shown -> i, path || '[]');
    END LOOP;
  ELSE
    RETURN NEXT path;
  END IF;
END
$$;
COMMENT ON FUNCTION lockstep.differing_paths(jsonb, jsonb, text) IS
  'Where two objects say something else, as paths below the given one and without values. What only one of them says is '
  'not named: events carry objects in part.';
