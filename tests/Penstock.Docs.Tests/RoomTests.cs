namespace Penstock.Docs.Tests;

/// <summary>The dependencies between the rooms of a project are those of its table in the architecture, and have one direction.</summary>
public sealed class RoomTests
{
    private static readonly Dictionary<string, Rooms> Tables = new()
    {
        ["src/Generator/Penstock.Generator.csproj"] = new("### The rooms of the compiler"),
        ["src/Runtime/Penstock.Runtime.csproj"] = new("### The rooms of the runtime"),
        ["src/Kafka/Penstock.Kafka.csproj"] = new("### The rooms of the Kafka connector"),
        ["src/S3/Penstock.S3.csproj"] = new("### The rooms of the S3 connector"),
    };

    public static TheoryData<string> Projects => [.. Tables.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Arrows_of_the_table_point_up_so_that_it_has_no_cycle(string project) => Assert.Empty(Tables[project].Table.Upward());

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_file_lies_in_a_room_and_every_room_has_files(string project)
    {
        var places = Tables[project].CodeOf(project).Places.ToList();
        var table = Tables[project].Table;
        Assert.DoesNotContain(places, place => table.RoomOf(place) == null);
        Assert.Empty(table.Rooms.Except(places.Select(place => table.RoomOf(place)!)));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Files_use_only_the_rooms_that_the_table_lets_them_use(string project)
    {
        Assert.Empty(Tables[project].CodeOf(project).Unbound);
        Assert.Empty(Tables[project].Table.Forbidden(Tables[project].UsesOf(project)));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_table_allows_nothing_that_is_not_used(string project) =>
        Assert.Empty(Tables[project].Table.Unused(Tables[project].UsesOf(project)));

    [Theory]
    [InlineData("using Penstock.Upper; namespace Penstock.Lower; class User { Thing? thing; }", "Thing")]
    [InlineData("namespace Penstock.Lower; class User { Upper.Thing? thing; }", "Thing")]
    [InlineData("namespace Penstock.Lower; class User { Shared? shared; }", "Shared")]
    [InlineData("namespace Penstock.Lower; class User { object Get() => Below.Make().Value; }", "Thing")]
    [InlineData("namespace Penstock.Lower; class User { int Get() => 1.Extended(); }", "Extensions")]
    [InlineData("namespace Penstock.Lower; class User { void Get() => Below.Take(new()); }", "Thing")]
    [InlineData("using T = Penstock.Upper.Thing; namespace Penstock.Lower; class User { object Get() => new T(); }", "Thing")]
    [InlineData("namespace Penstock.Lower; class User { string Get() => nameof(Upper.Thing); }", "Thing")]
    [InlineData("namespace Penstock.Lower; class User { int Get() => Spread.Above; }", "Spread")]
    public void Every_way_to_use_a_type_is_found(string user, string type)
    {
        var uses = UsesOf(user)
            .Where(static use => use.From == "Lower/User.cs" && use.To.StartsWith("Upper/", StringComparison.Ordinal))
            .Select(static use => use.Type);
        Assert.Contains(type, uses);
    }

    [Theory]
    [InlineData("namespace Penstock.Lower; /* Upper.Thing */ class User; // Thing")]
    [InlineData("namespace Penstock.Lower; /// <summary>As <see cref=\"Upper.Thing\"/>.</summary>\nclass User;")]
    [InlineData("namespace Penstock.Lower; class User { string Thing => \"Upper.Thing\"; string Get(int Shared) => Thing + Shared; }")]
    [InlineData("namespace Penstock.Lower; class Thing; class User { Thing? thing; }")]
    [InlineData("namespace Penstock.Lower; class User { int Get() => typeof(Spread).Name.Length + Spread.Beside; }")]
    public void Words_and_what_lies_beside_are_no_uses_of_another_room(string user) =>
        Assert.DoesNotContain(
            UsesOf(user),
            static use => use.From == "Lower/User.cs" && !use.To.StartsWith("Lower/", StringComparison.Ordinal));

    [Fact]
    public void Dependencies_that_the_table_forbids_or_nothing_needs_are_reported()
    {
        var uses = UsesOf("namespace Penstock.Lower; class User { Upper.Thing? thing; }");
        var table = new RoomTable([("Lower", []), ("Upper", ["Lower"])]);
        Assert.Equal(
            ["Lower -> Upper: Lower/Below.cs uses Thing of Upper/Thing.cs", "Lower -> Upper: Lower/User.cs uses Thing of Upper/Thing.cs"],
            table.Forbidden(uses));
        Assert.Equal(["Upper -> Lower"], table.Unused(uses));
        Assert.Empty(table.Upward());
        Assert.Equal(["Lower -> Upper"], new RoomTable([("Lower", ["Upper"]), ("Upper", ["Lower"])]).Upward());
    }

    private static IReadOnlyList<ProjectCode.Use> UsesOf(string user) => new ProjectCode(
    [
        ("Lower/User.cs", user),
        (
            "Lower/Below.cs",
            "namespace Penstock.Lower; static class Below { public static Upper.Thing Make() => new(); public static void Take(Upper.Thing thing) { } }"),
        ("Lower/Spread.cs", "namespace Penstock; static partial class Spread { public const int Beside = 1; }"),
        ("Upper/Spread.cs", "namespace Penstock; static partial class Spread { public const int Above = 1; }"),
        ("Upper/Thing.cs", "namespace Penstock.Upper; class Thing { public int Value => 1; }"),
        (
            "Upper/Shared.cs",
            "namespace Penstock; class Shared; static class Extensions { public static int Extended(this int number) => number; }"),
    ],
    new HashSet<string>()).Uses();

    /// <summary>A table of the architecture, and the code of its project.</summary>
    private sealed class Rooms(string heading)
    {
        private ProjectCode? _code;
        private IReadOnlyList<ProjectCode.Use>? _uses;

        public RoomTable Table { get; } = RoomTable.OfArchitecture(heading);

        // Compiles the project only once, because this is slow.
        public ProjectCode CodeOf(string project) => _code ??= ProjectCode.OfRepository(project);

        public IReadOnlyList<ProjectCode.Use> UsesOf(string project) => _uses ??= CodeOf(project).Uses();
    }
}
