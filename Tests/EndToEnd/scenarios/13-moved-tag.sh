# shellcheck shell=bash
# A tag that is moved upstream is seen at the next pull.

sees_a_moved_tag() {
    local image=library/moved-$1 old new
    start_upstream_and_mirror
    fresh_client "$1"
    old=$(push_note "$image" latest "old")
    pull "$1" "$image:latest"
    expect_image "$1" "$image:latest" "$old" "old"
    new=$(push_note "$image" latest "new")
    pull "$1" "$image:latest"
    expect_image "$1" "$image:latest" "$new" "new"
}

for_each_client "sees that a tag has moved" sees_a_moved_tag
