using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Declarations;
using Penstock.Generator.Words;

namespace Penstock.Generator.ReplaySafety;

/// <summary>Data that an operator keeps outside of its state, so that a restart would lose it.</summary>
/// <param name="Member">The field, property, event or parameter; the base class if its fields are not visible.</param>
/// <param name="ChangedBy">The method that changes it; null if it can be assigned.</param>
internal sealed record UnsavedMember(ISymbol Member, string? ChangedBy);

/// <summary>
/// Finds data that an operator keeps outside of its state: assignable fields and automatic properties, including those of base classes;
/// events; parameters of primary constructors that it assigns; and its own objects in readonly fields that it changes.
/// </summary>
internal static class UnsavedMembers
{
    public static IEnumerable<UnsavedMember> Find(INamedTypeSymbol type)
    {
        var behaviours = OperatorMethods.MethodsIn(type.WrittenMembers());
        var reached = ReachableCode.From(type, behaviours);
        var isExempt = false;
        foreach (var current in ReachableCode.Chain(type))
        {
            isExempt |= current.Attribute(KnownNames.Transient) != null;
            var isOperator = SymbolEqualityComparer.Default.Equals(current, type);
            if (isExempt && !isOperator)
            {
                continue;
            }

            if (current.DeclaringSyntaxReferences.IsEmpty)
            {
                foreach (var lost in FindVisible(current))
                {
                    yield return lost;
                }

                continue;
            }

            foreach (var lost in FindWritten(current, reached).Where(lost => !isOperator || !IsState(lost.Member)))
            {
                yield return lost;
            }
        }
    }

    // The metadata of another assembly's class does not contain its private fields.
    private static IEnumerable<UnsavedMember> FindVisible(INamedTypeSymbol type)
    {
        var isEmpty = true;
        foreach (var member in type.GetMembers())
        {
            if (member is IFieldSymbol { IsConst: false, IsReadOnly: false }
                or IPropertySymbol { IsIndexer: false, SetMethod: { IsInitOnly: false, IsAbstract: false } }
                or IEventSymbol { IsAbstract: false }
                && member.DeclaredAccessibility != Accessibility.Private && member.Attribute(KnownNames.Transient) == null)
            {
                isEmpty = false;
                yield return new UnsavedMember(member, null);
            }
        }

        if (isEmpty)
        {
            yield return new UnsavedMember(type, null);
        }
    }

    private static IEnumerable<UnsavedMember> FindWritten(INamedTypeSymbol type, IReadOnlyList<Code> reached)
    {
        foreach (var member in type.WrittenMembers())
        {
            if (member is IEventSymbol { IsAbstract: false } declared && IsStored(declared) && !IsTransient(declared))
            {
                yield return new UnsavedMember(declared, null);
            }

            if (member is not IFieldSymbol { IsConst: false } field
                || field.Attribute(KnownNames.Transient) != null
                || field.AssociatedSymbol is IEventSymbol)
            {
                continue;
            }

            if (field.IsReadOnly)
            {
                var holder = field.AssociatedSymbol ?? field;
                if (!Ownership.IsInjected(holder) && MutationAnalysis.FindChange(holder, reached) is { } change)
                {
                    yield return new UnsavedMember(holder, change.Name);
                }
            }
            else if (field.AssociatedSymbol is IPropertySymbol { SetMethod.IsInitOnly: false })
            {
                yield return new UnsavedMember(field.AssociatedSymbol, null);
            }
            else if (!field.IsImplicitlyDeclared)
            {
                yield return new UnsavedMember(field, null);
            }
        }

        foreach (var parameter in Ownership.CapturedParameters(type))
        {
            if (MutationAnalysis.FindAssignment(
                parameter,
                reached.Where(code => SymbolEqualityComparer.Default.Equals(code.Type, type))) is { } change)
            {
                yield return new UnsavedMember(parameter, change.Name);
            }
        }
    }

    // A member that is meant to be state but has the wrong form is reported elsewhere.
    private static bool IsState(ISymbol member) => member.Attribute(KnownNames.State) != null
        || (member is IPropertySymbol property
            && property.ContainingType.GetMembers().Any(other => other is IFieldSymbol field
                && SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property)
                && field.Attribute(KnownNames.State) != null));

    private static bool IsStored(IEventSymbol declared) =>
        declared.DeclaringSyntaxReferences.Any(static reference => reference.GetSyntax() is VariableDeclaratorSyntax);

    // The attributes of an event's backing field are not available from the event's symbol.
    private static bool IsTransient(IEventSymbol declared) => declared.DeclaringSyntaxReferences.Any(static reference =>
        reference.GetSyntax().FirstAncestorOrSelf<EventFieldDeclarationSyntax>()?.AttributeLists
            .Any(static list => list.Attributes.Any(static attribute => attribute.Name.ToString()
                .Split('.')
                .Last() is "Transient" or KnownNames.Transient)) == true);
}
