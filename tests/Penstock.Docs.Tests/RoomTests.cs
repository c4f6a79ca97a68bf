namespace Penstock.Docs.Tests;

/// <summary>The arrows between the rooms of the runtime are those of the table in the architecture, and go one way.</summary>
public sealed class RoomTests
{
    private static readonly Lazy<RuntimeCode> Code = new(RuntimeCode.OfRepository);
    private static readonly Lazy<IReadOnlyList<RuntimeCode.Use>> Uses = new(static () => Code.Value.Uses());
    private static readonly RoomTable Table = RoomTable.OfArchitecture();

    [Fact]
    public void Arrows_of_the_table_point_up_so_that_it_has_no_cycle() => Assert.Empty(Table.Upward());

    [Fact]
    public void Every_file_lies_in_a_room_and_every_room_has_files()
    {
        Assert.True(Code.Value.Places.Count() > 300);
        Assert.DoesNotContain(Code.Value.Places, static place => Table.RoomOf(place) == null);
        Assert.Empty(Table.Rooms.Except(Code.Value.Places.Select(static place => Table.RoomOf(place)!)));
    }

    [Fact]
    public void Files_use_only_the_rooms_that_the_table_lets_them_use()
    {
        Assert.Empty(Code.Value.Unbound);
        Assert.Empty(Table.Forbidden(Uses.Value));
    }

    [Fact]
    public void The_table_allows_nothing_that_is_not_used() => Assert.Empty(Table.Unused(Uses.Value));

    [Theory]
    [InlineData("using Penstock.Upper; namespace Penstock.Lower; class User { Thing? thing; }", "Thing")]
    [InlineData("namespace Penstock.Lower; class User { Upper.Thing? thing; }", "Thing")]
    [InlineData("namespace Penstock.Lower; class User { Shared? shared; }", "Shared")]
    [InlineData("namespace Penstock.Lower; class User { object Get() => Below.Make().Value; }", "Thing")]
    [InlineData("namespace Penstock.Lower; class User { int Get() => 1.Extended(); }", "Extensions")]
    [InlineData("namespace Penstock.Lower; class User { void Get() => Below.Take(new()); }", "Thing")]
    [InlineData("using T = Penstock.Upper.Thing; namespace Penstock.Lower; class User { object Get() => new T(); }", "Thing")]
    [InlineData("namespace Penstock.Lower; class User { string Get() => nameof(Upper.Thing); }", "Thing")]
    public void Every_way_to_use_a_type_is_found(string user, string type)
    {
        var uses = UsesOf(user).Where(static use => use.From == "Lower/User.cs" && use.To.StartsWith("Upper/", StringComparison.Ordinal)).Select(static use => use.Type);
        Assert.Contains(type, uses);
    }

    [Theory]
    [InlineData("namespace Penstock.Lower; /* Upper.Thing */ class User; // Thing")]
    [InlineData("namespace Penstock.Lower; /// <summary>As <see cref=\"Upper.Thing\"/>.</summary>\nclass User;")]
    [InlineData("namespace Penstock.Lower; class User { string Thing => \"Upper.Thing\"; string Get(int Shared) => Thing + Shared; }")]
    [InlineData("namespace Penstock.Lower; class Thing; class User { Thing? thing; }")]
    public void Words_are_no_uses(string user) => Assert.DoesNotContain(UsesOf(user), static use => use.From == "Lower/User.cs");

    [Fact]
    public void What_the_table_does_not_allow_and_what_nothing_needs_is_told()
    {
        var uses = UsesOf("namespace Penstock.Lower; class User { Upper.Thing? thing; }");
        var table = new RoomTable([("Lower", []), ("Upper", ["Lower"])]);
        Assert.Equal(["Lower -> Upper: Lower/Below.cs uses Thing of Upper/Thing.cs", "Lower -> Upper: Lower/User.cs uses Thing of Upper/Thing.cs"], table.Forbidden(uses));
        Assert.Equal(["Upper -> Lower"], table.Unused(uses));
        Assert.Empty(table.Upward());
        Assert.Equal(["Lower -> Upper"], new RoomTable([("Lower", ["Upper"]), ("Upper", ["Lower"])]).Upward());
    }

    private static IReadOnlyList<RuntimeCode.Use> UsesOf(string user) => new RuntimeCode(
    [
        ("Lower/User.cs", user),
        ("Lower/Below.cs", "namespace Penstock.Lower; static class Below { public static Upper.Thing Make() => new(); public static void Take(Upper.Thing thing) { } }"),
        ("Upper/Thing.cs", "namespace Penstock.Upper; class Thing { public int Value => 1; }"),
        ("Upper/Shared.cs", "namespace Penstock; class Shared; static class Extensions { public static int Extended(this int number) => number; }"),
    ]).Uses();
}
